// Random programs through both engines. ALLOT_SEED repeats a run, ALLOT_PROGRAM_BLOCKS makes it longer.
import { expect } from "chai";
import type { ExecutedBlock, ExecutionEngine } from "../../node/execution/engine.ts";
import type { Receipt } from "../../node/execution/receipt.ts";
import type { Address } from "../../node/types/brands.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { Random } from "./random.ts";
import { ProgramWriter, precompileAddresses } from "./randomProgram.ts";
import { executeAndCommit, openAllEngines, type TestFolder, testFolder, testGenesis, wallets } from "./testEngine.ts";

const blocks = Number(process.env.ALLOT_PROGRAM_BLOCKS ?? 8);
const senders = wallets(4);

describe("the two execution engines on random programs", () => {
  let folder: TestFolder;
  let engines: readonly ExecutionEngine[];
  const random = Random.fromEnvironment();

  before(async () => {
    folder = testFolder();
    const genesis = testGenesis(senders);
    engines = await openAllEngines(folder, genesis);
  });

  after(async () => {
    for (const engine of engines) await engine.close();
    folder.remove();
  });

  async function both(transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const executed = await Promise.all(engines.map((engine) => executeAndCommit(engine, transactions)));
    const [ours, ...others] = executed as [ExecutedBlock, ...ExecutedBlock[]];
    const again = `repeat with ALLOT_SEED=${random.seed} ALLOT_PROGRAM_BLOCKS=${blocks}`;
    for (const theirs of others) {
      expect(ours.receipts.map(summary), again).to.deep.equal(theirs.receipts.map(summary));
      expect(ours.header, again).to.deep.equal(theirs.header);
    }
    return ours;
  }

  it(`agree on every receipt and root (seed ${random.seed})`, async () => {
    const targets: Address[] = [...precompileAddresses, ...senders.map((sender) => sender.address)];
    let successes = 0;
    let failures = 0;
    for (let round = 0; round < blocks; round++) {
      const writer = new ProgramWriter(random, targets);
      const creations = Array.from({ length: 6 }, () => {
        const code = random.chance(0.15) ? writer.program(20) : writer.creation(writer.program(10 + random.below(60)));
        return random.pick(senders).sign({ data: code, value: BigInt(random.below(20)), gasLimit: 3_000_000 });
      });
      const created = (await both(creations)).receipts.flatMap(({ contractAddress }) => contractAddress ?? []);
      targets.push(...created, ...created);
      const calls = Array.from({ length: 30 }, () =>
        random.pick(senders).sign({
          to: random.pick(targets),
          data: random.bytes(random.below(100)),
          value: BigInt(random.below(4)),
          gasLimit: 60_000 + random.below(600_000),
        }),
      );
      for (const receipt of (await both(calls)).receipts) receipt.success ? successes++ : failures++;
    }
    expect(Math.min(successes, failures), "both outcomes occur").to.be.greaterThan(blocks);
  }).timeout(10_000 + blocks * 2_000);
});

const summary = ({ success, gasUsed, logs, contractAddress }: Receipt): string =>
  `${success ? "success" : "failure"}, ${gasUsed} gas, ${logs.length} logs, ${contractAddress ?? "nothing"} created`;
