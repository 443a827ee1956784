import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { bigIntToWord, bytesToHex } from "../../node/execution/bytes.ts";
import type { ExecutionEngine } from "../../node/execution/engine.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { emptyRoot } from "../../node/execution/state/account.ts";
import { ExecutionDatabase } from "../../node/execution/store/database.ts";
import { Height } from "../../node/types/brands.ts";
import { crashGenesis, keeper, receiver, transactionsAt } from "./crashBlocks.ts";
import { Random } from "./random.ts";
import { executeAndCommit, testFolder } from "./testEngine.ts";

const kills = Number(process.env.ALLOT_KILLS ?? 4);

/** Lets the writer run for a while, kills it, and returns what it last reported as committed. */
async function killWriter(folder: string, afterFirstMs: number): Promise<{ height: number; executionHash: string }> {
  const writer = spawn(process.execPath, [fileURLToPath(new URL("crashWriter.ts", import.meta.url)), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  writer.stdout.on("data", (chunk: Buffer) => {
    if (output === "") setTimeout(() => writer.kill("SIGKILL"), afterFirstMs);
    output += chunk.toString();
  });
  await new Promise((resolve) => writer.once("close", resolve));
  const [height, executionHash] = (output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1) ?? "").split(" ");
  return { height: Number(height), executionHash: executionHash ?? "" };
}

describe("an engine killed while it commits", () => {
  const random = Random.fromEnvironment();

  it(`opens again at a whole block, ${kills} times in a row (seed ${random.seed})`, async () => {
    const folder = testFolder();
    try {
      for (let kill = 0; kill < kills; kill++) {
        const reported = await killWriter(folder.path, random.below(500));
        const engine = await openEngine("ethereumjs", {
          genesis: crashGenesis,
          folder: folder.path,
          historyBlocks: 32,
        });
        const { height } = engine.committed().context;
        expect(height, "nothing that was reported is lost").to.be.at.least(reported.height);
        expect(engine.chain.blockAt(Height(reported.height))?.executionHash).to.equal(reported.executionHash);
        checkChain(engine, height);
        await executeAndCommit(engine, transactionsAt(height + 1));
        checkChain(engine, height + 1);
        await engine.close();
      }
      expect(await appliedIn(folder.path), "the state tables were written on the way").to.be.greaterThan(0);
    } finally {
      folder.remove();
    }
  }).timeout(60_000 + kills * 10_000);
});

/** Every block is there with its transactions, and the state is the one after the last of them. */
function checkChain(engine: ExecutionEngine, tip: number): void {
  expect(engine.committed().context.height).to.equal(tip);
  for (let height = 1; height <= tip; height++) {
    const block = engine.chain.blockAt(Height(height));
    const parent = engine.chain.blockAt(Height(height - 1));
    expect(block?.header.parentHash).to.equal(parent?.executionHash);
    expect(block?.receipts.map((receipt) => receipt.success)).to.deep.equal([true, true]);
    const location = engine.chain.transactionByHash(block?.transactions[1]?.hash ?? emptyRoot);
    expect(location?.block.context.height).to.equal(height);
  }
  for (const past of [tip, Math.max(1, tip - 7), Math.max(1, tip - 31)]) {
    const view = engine.stateAt(Height(past));
    const slot = (number: number) =>
      BigInt(bytesToHex(view?.storageAt(keeper, bigIntToWord(BigInt(number))) ?? bigIntToWord(99n)));
    expect([slot(0), slot(1), slot(past), slot(past + 1)]).to.deep.equal([past, 1, past, 0].map(BigInt));
    expect(view?.balanceOf(receiver)).to.equal(BigInt(past));
  }
}

async function appliedIn(folder: string): Promise<number> {
  const database = new ExecutionDatabase(folder);
  const applied = Number(database.meta("applied"));
  await database.close();
  return applied;
}
