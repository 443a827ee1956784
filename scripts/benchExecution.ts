// How long the execution engine takes for a transaction: `node scripts/benchExecution.ts`. Signatures are recovered
// beforehand, as they are in a node; everything else that a block costs is in: EVM, trie, header, commit. With the
// argument `stock`, the interpreter of @ethereumjs/evm runs instead of our own loop.
import { keccak256Hex } from "../node/crypto/keccak.ts";
import type { BlockContext, ExecutedBlock, ExecutionEngine } from "../node/execution/engine.ts";
import { openEngine } from "../node/execution/openEngine.ts";
import type { Address } from "../node/types/brands.ts";
import { Height } from "../node/types/brands.ts";
import type { ExecutionParameters } from "../node/types/genesis.ts";
import type { Transaction } from "../node/types/transaction.ts";
import { ruleAddresses } from "../sdk/contracts.ts";
import {
  biddersPerTender,
  ExecutionMarket,
  marketStartMs,
  type RunBlock,
  schemaIdCall,
  send,
  temporaryFolder,
  tendersOpenedIn,
} from "./executionMarket.ts";

const proposer = `0x${"c0".repeat(20)}` as Address;
const agentCount = 250;
const transactionsPerBlock = 250;
const rounds = 8;
const parameters: ExecutionParameters = {
  blockGasLimit: 1_000_000_000,
  transactionGasLimitMax: 16_777_216,
  blockBytesMax: 10_000_000,
  blockTransactionsMax: 10_000,
  senderTransactionsPerBlockMax: 10_000,
};

interface Row {
  readonly workload: string;
  readonly transactions: number;
  readonly gasEach: number;
  /** Microseconds of processor time per transaction, of the thread that executes. */
  readonly execute: number;
  readonly commit: number;
  /** The same of all threads, which also collect garbage and write to disk. */
  readonly all: number;
}

let clockMs = marketStartMs;

function nextContext(parent: ExecutedBlock, secondsLater: number): BlockContext {
  clockMs += secondsLater * 1_000;
  const height = Height(parent.context.height + 1);
  const digest = keccak256Hex(Buffer.from(`bench ${height}`));
  return { digest, parentDigest: parent.context.digest, height, timestampMs: clockMs, proposer };
}

/** Processor time of this thread so far, in microseconds. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

async function measure(
  engine: ExecutionEngine,
  workload: string,
  blocks: readonly (readonly Transaction[])[],
): Promise<Row> {
  let execute = 0;
  let commit = 0;
  let gasUsed = 0;
  let count = 0;
  const before = process.cpuUsage();
  for (const transactions of blocks) {
    const start = threadTime();
    const block = await engine.execute(nextContext(engine.committed(), 1), transactions);
    const executed = threadTime();
    await engine.commit(block.context.digest);
    commit += threadTime() - executed;
    execute += executed - start;
    gasUsed += block.header.gasUsed;
    count += block.receipts.filter((receipt) => receipt.success).length;
  }
  await engine.flushed();
  const { user, system } = process.cpuUsage(before);
  const each = (microseconds: number): number => Math.round((10 * microseconds) / count) / 10;
  return {
    workload,
    transactions: count,
    gasEach: Math.round(gasUsed / count),
    execute: each(execute),
    commit: each(commit),
    all: each(user + system),
  };
}

async function main(): Promise<void> {
  const market = new ExecutionMarket(agentCount, parameters);
  const folder = temporaryFolder();
  const engine = await openEngine("ethereumjs", {
    genesis: await market.genesis(),
    folder: folder.path,
    historyBlocks: 64,
    interpreter: process.argv[2] === "stock" ? "stock" : "fast",
  });
  const run: RunBlock = async (transactions, secondsLater = 1) => {
    const block = await engine.execute(nextContext(engine.committed(), secondsLater), transactions);
    await engine.commit(block.context.digest);
    return block;
  };
  await market.populate(run);
  const view = engine.stateAt(engine.committed().context.digest);
  const schema = await view?.call({
    from: proposer,
    to: ruleAddresses.capabilityResolver as Address,
    data: Buffer.from(schemaIdCall().slice(2), "hex"),
    value: 0n,
    gasLimit: 1_000_000,
  });
  await market.attest(run, `0x${Buffer.from(schema?.returnData ?? []).toString("hex")}`);
  const rows: Row[] = [];
  const blocksOf = (make: (i: number) => Transaction): Transaction[][] =>
    Array.from({ length: rounds }, () => Array.from({ length: transactionsPerBlock }, (_, i) => make(i)));
  const agentAt = (i: number) => market.agents[i % market.agents.length] as (typeof market.agents)[number];
  for (const warm of [true, false]) {
    const measured: Row[] = [];
    const fresh = (i: number): Address => `0x${(0x1000000 + i).toString(16).padStart(40, warm ? "a" : "b")}` as Address;
    measured.push(
      await measure(
        engine,
        "value transfer",
        blocksOf((i) => send(agentAt(i).account, fresh(i), "0x", 1n)),
      ),
    );
    measured.push(
      await measure(
        engine,
        "credit transfer",
        blocksOf((i) => market.transferCredits(agentAt(i), agentAt(i * 7 + 1).account.address)),
      ),
    );
    const posts = (count: number): Transaction[] => Array.from({ length: count }, () => market.post());
    measured.push(await measure(engine, "post", [posts(100), posts(100), posts(100)]));
    const tenders = tendersOpenedIn(await run(posts(rounds)));
    const bids = tenders.map((tender) =>
      market.agents.slice(0, biddersPerTender).map((agent, i) => market.commit(agent, tender, BigInt(500_000 + i))),
    );
    measured.push(await measure(engine, "commitBid", bids));
    if (!warm) rows.push(...measured);
  }
  console.table(rows);
  await engine.close();
  folder.remove();
}

await main();
