// Commits one block after the other until it is killed, and says so after each: `node crashWriter.ts FOLDER`.
import { openEngine } from "../../node/execution/openEngine.ts";
import { crashGenesis, transactionsAt } from "./crashBlocks.ts";
import { executeAndCommit } from "./testEngine.ts";

const folder = process.argv[2] ?? "";
const engine = await openEngine("ethereumjs", { genesis: crashGenesis, folder, historyBlocks: 32 });
for (;;) {
  const height = engine.committed().context.height + 1;
  const block = await executeAndCommit(engine, transactionsAt(height));
  process.stdout.write(`${height} ${block.executionHash}\n`);
}
