import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import type { BlockContext, ExecutedBlock, ExecutionEngine } from "../../node/execution/engine.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { type Address, type Digest, Height } from "../../node/types/brands.ts";
import type { Genesis, GenesisAccount } from "../../node/types/genesis.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { testChainId, Wallet } from "./wallet.ts";

export const genesisTimeMs = 1_790_000_000_000;
export const proposer = `0x${"c0".repeat(20)}` as Address;

export const wallets = (count: number): Wallet[] => Array.from({ length: count }, (_, number) => new Wallet(number));

/** A genesis whose first wallets are rich. */
export function testGenesis(rich: readonly Wallet[], alloc: Record<Address, GenesisAccount> = {}): Genesis {
  const accounts = Object.fromEntries(rich.map(({ address }) => [address, { balance: "0x21e19e0c9bab2400000" }]));
  return {
    version: 1,
    chainId: testChainId,
    networkId: `0x${"e7".repeat(32)}` as Digest,
    timestampMs: genesisTimeMs,
    validators: [],
    consensus: {
      blockIntervalMs: 10,
      leaderTimeoutMs: 1_000,
      notarizationTimeoutMs: 1_000,
      retryIntervalMs: 1_000,
      maxTimeoutMs: 10_000,
      heartbeatMs: 10_000,
      maxDriftMs: 500,
      maxStepMs: 60_000,
      epochBlocks: 0,
      skipInactiveViews: 10,
    },
    execution: {
      blockGasLimit: 100_000_000,
      transactionGasLimitMax: 30_000_000,
      blockBytesMax: 1_000_000,
      blockTransactionsMax: 5_000,
      senderTransactionsPerBlockMax: 5_000,
    },
    contracts: {},
    alloc: { ...accounts, ...alloc } as Genesis["alloc"],
  };
}

/** The context of a child of `parent`; `salt` tells siblings apart. */
export function childContext(parent: ExecutedBlock, salt = ""): BlockContext {
  const height = Height(parent.context.height + 1);
  return {
    digest: keccak256Hex(Buffer.from(`${parent.context.digest} ${height} ${salt}`)),
    parentDigest: parent.context.digest,
    height,
    timestampMs: genesisTimeMs + height * 700,
    proposer,
  };
}

export async function executeAndCommit(
  engine: ExecutionEngine,
  transactions: readonly Transaction[],
): Promise<ExecutedBlock> {
  const block = await engine.execute(childContext(engine.committed()), transactions);
  await engine.commit(block.context.digest);
  return block;
}

export interface TestFolder {
  readonly path: string;
  remove(): void;
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), "allot-execution-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Engines to compare: both, and the default one with the interpreter of @ethereumjs/evm. */
export type TestEngineName = ExecutionEngine["name"] | "stock";

export function openTestEngine(
  folder: TestFolder,
  genesis: Genesis,
  name: TestEngineName = "ethereumjs",
): Promise<ExecutionEngine> {
  const options = { genesis, folder: join(folder.path, name), historyBlocks: 32 };
  return name === "stock" ? openEngine("ethereumjs", { ...options, interpreter: "stock" }) : openEngine(name, options);
}

/** The default engine first, and all others to compare it with. */
export const openAllEngines = (folder: TestFolder, genesis: Genesis): Promise<readonly ExecutionEngine[]> =>
  Promise.all((["ethereumjs", "hardhat", "stock"] as const).map((name) => openTestEngine(folder, genesis, name)));
