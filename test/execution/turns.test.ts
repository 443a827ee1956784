// However long a call takes, votes and requests get their turns meanwhile, and what it gives does not depend on them.
import { expect } from "chai";
import type { ExecutedBlock, ExecutionEngine, StateView } from "../../node/execution/engine.ts";
import { isLong } from "../../node/execution/ethereumjs/precompiles.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import { bytesOf } from "../../node/types/hex.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { executeAndCommit, openTestEngine, type TestFolder, testFolder, testGenesis, wallets } from "./testEngine.ts";
import type { Wallet } from "./wallet.ts";

const word = (hex: string): string => hex.padStart(64, "0");
/** Counts down from calldata[0], then stores 7. */
const countdown = "5f355b600190038060025760075f5500";
/** Gives all calldata to a precompiled contract; stores the result's first word, and whether it succeeded. */
const asker = (contract: string): string => `365f5f3760405f365f60${contract}5afa6001555f515f5500`;
const creation = (runtime: string): Hex => `0x60${(runtime.length / 2).toString(16)}8060095f395ff3${runtime}`;

const g1 = word("1") + word("2");
const g1Negated = word("1") + word("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45");
const g2 =
  "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2" +
  "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed" +
  "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b" +
  "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
const blake2f = (rounds: number): string => `${rounds.toString(16).padStart(8, "0")}${"01".repeat(64 + 128 + 16 + 1)}`;

const long = {
  ripemd160: { contract: "03", data: "5a".repeat(70_000) },
  modexp: { contract: "05", data: word("20") + word("1000") + word("20") + "f3".repeat(32 + 4096 + 32) },
  "a pairing": { contract: "08", data: g1 + g2 + g1Negated + g2 },
  "a pairing of points that are on no curve": { contract: "08", data: "17".repeat(384) },
  blake2f: { contract: "09", data: blake2f(50_000) },
};

describe("long calls", () => {
  const [alice] = wallets(1) as [Wallet];
  const engines: ExecutionEngine[] = [];
  const at = new Map<string, Address>();
  let folder: TestFolder;

  before(async () => {
    folder = testFolder();
    for (const name of ["ethereumjs", "hardhat"] as const) {
      engines.push(await openTestEngine(folder, testGenesis([alice]), name));
    }
    const codes = { countdown, "03": asker("03"), "05": asker("05"), "08": asker("08"), "09": asker("09") };
    const { receipts } = await both(Object.values(codes).map((code) => alice.sign({ data: creation(code) })));
    Object.keys(codes).forEach((name, i) => {
      at.set(name, receipts[i]?.contractAddress as Address);
    });
  });

  after(async () => {
    for (const engine of engines) await engine.close();
    folder.remove();
  });

  async function both(transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const [ours, theirs] = await Promise.all(engines.map((engine) => executeAndCommit(engine, transactions)));
    expect(ours?.receipts).to.deep.equal(theirs?.receipts);
    expect(ours?.header).to.deep.equal(theirs?.header);
    return ours as ExecutedBlock;
  }

  /** Turns that something else had while `work` was done. */
  async function turnsDuring(work: Promise<unknown>): Promise<number> {
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await work.finally(() => {
      done = true;
    });
    return turns;
  }

  const view = (): StateView => {
    const [engine] = engines as [ExecutionEngine];
    return engine.stateAt(engine.committed().context.digest) as StateView;
  };
  const request = (name: string, data: string) => ({
    from: alice.address,
    to: at.get(name) as Address,
    value: 0n,
    data: bytesOf(`0x${data}`),
    gasLimit: 100_000_000,
  });

  it("give turns to everything else while code loops, and end as on the other engine", async () => {
    const rounds = word((60_000).toString(16));
    const transaction = alice.sign({ to: at.get("countdown") as Address, data: `0x${rounds}`, gasLimit: 30_000_000 });
    const { receipts } = await both([transaction]);
    expect(receipts[0]?.success).to.equal(true);
    const calling = view().call(request("countdown", word((1_500_000).toString(16))));
    expect(await turnsDuring(calling)).to.be.at.least(5);
    expect((await calling).success).to.equal(true);
  });

  it("run out of gas after any number of turns as they do in one", async () => {
    const endless = alice.sign({ to: at.get("countdown") as Address, data: `0x${word("")}`, gasLimit: 2_000_000 });
    const { receipts } = await both([endless]);
    expect(receipts[0]).to.include({ success: false, gasUsed: 2_000_000 });
  });

  for (const [name, { contract, data }] of Object.entries(long)) {
    it(`of ${name} run beside everything else, and give what the other engine gives`, async () => {
      const address = `0x${contract.padStart(40, "0")}` as Address;
      expect(isLong({ address, data: bytesOf(`0x${data}`), gas: 0 })).to.equal(true);
      const to = at.get(contract) as Address;
      await both([alice.sign({ to, data: `0x${data}`, gasLimit: 10_000_000 })]);
      const slots = await Promise.all(engines.map((engine) => stored(engine, to)));
      expect(slots[0]).to.deep.equal(slots[1]);
    });
  }

  it("of a precompiled contract leave everything else its turns", async () => {
    const calling = view().call(request("09", blake2f(300_000)));
    expect(await turnsDuring(calling)).to.be.at.least(5);
    expect((await calling).success).to.equal(true);
  });

  async function stored(engine: ExecutionEngine, address: Address): Promise<readonly bigint[]> {
    const state = engine.stateAt(engine.committed().context.digest) as StateView;
    return [0, 1].map((slot) => {
      const key = new Uint8Array(32);
      key[31] = slot;
      return BigInt(`0x${Buffer.from(state.storageAt(address, key)).toString("hex")}`);
    });
  }
});
