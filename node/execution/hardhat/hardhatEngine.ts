// Hardhat's EVM as an engine, for development networks on exactly the EVM that `hardhat test` uses. Blocks are kept
// on disk as with the other engine; the state lives in memory and is made again from the blocks at start.
// In two things it differs from the other engine. BLOCKHASH gives Hardhat's own block hashes, which are not the
// ledger's. And a transaction that spends what its sender only receives earlier in the same block is skipped, because
// Hardhat's pool looks at the balance before the block.
import type { Digest, Height } from "../../types/brands.ts";
import { Height as toHeight } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import type { Genesis } from "../../types/genesis.ts";
import type { Transaction } from "../../types/transaction.ts";
import { buildHeader } from "../buildHeader.ts";
import { hexToBytes } from "../bytes.ts";
import { Candidates, damaged, requireParent } from "../candidates.ts";
import type { ChainReader } from "../chainReader.ts";
import type { BlockContext, EngineOptions, ExecutedBlock, ExecutionEngine, StateView } from "../engine.ts";
import { genesisBlock, genesisContext, genesisState } from "../genesisBlock.ts";
import { executionHashOf } from "../headerEncoding.ts";
import { initCodeBytesMax, intrinsicGas } from "../intrinsicGas.ts";
import { BlockStore } from "../store/blockStore.ts";
import { ExecutionDatabase } from "../store/database.ts";
import { type EdrBlock, EdrChain } from "./edrChain.ts";
import { EdrClient, EdrError } from "./edrClient.ts";
import { EdrStateView } from "./edrStateView.ts";

export class HardhatEngine implements ExecutionEngine {
  readonly name = "hardhat";
  readonly #genesis: Genesis;
  readonly #database: ExecutionDatabase;
  readonly #blocks: BlockStore;
  readonly #client: EdrClient;
  readonly #chain: EdrChain;
  readonly #candidates = new Candidates<{ readonly block: ExecutedBlock }>();

  private constructor(options: EngineOptions, database: ExecutionDatabase, client: EdrClient) {
    this.#genesis = options.genesis;
    this.#database = database;
    this.#blocks = new BlockStore(database, Number.POSITIVE_INFINITY);
    this.#client = client;
    this.#chain = new EdrChain(client, genesisContext(options.genesis).digest);
  }

  /** Opens the engine's folder, or founds a new one from genesis, and executes every block in it again. */
  static async open(options: EngineOptions): Promise<HardhatEngine> {
    const database = new ExecutionDatabase(options.folder);
    const client = startEdr(options.genesis);
    try {
      database.claim("hardhat", genesisContext(options.genesis).digest);
      const engine = new HardhatEngine(options, database, client);
      if (engine.#blocks.isEmpty)
        await engine.#store(genesisBlock(options.genesis, genesisState(options.genesis).stateRoot));
      else engine.#replay();
      return engine;
    } catch (failure) {
      client.close();
      await database.close();
      throw failure;
    }
  }

  get chain(): ChainReader {
    return this.#blocks;
  }

  committed(): ExecutedBlock {
    return this.#blocks.tip;
  }

  executed(digest: Digest): ExecutedBlock | undefined {
    return digest === this.#blocks.tip.context.digest ? this.#blocks.tip : this.#candidates.get(digest)?.block;
  }

  async execute(context: BlockContext, transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const known = this.executed(context.digest);
    if (known !== undefined) return known;
    const parent = requireParent(context, this.executed(context.parentDigest));
    this.#goTo(parent.context.digest);
    const block = this.#executeOn(parent, context, transactions);
    this.#candidates.add({ block });
    return block;
  }

  async commit(digest: Digest): Promise<void> {
    const tip = this.#blocks.tip.context.digest;
    if (digest === tip) return;
    const { block } = this.#candidates.child(digest, tip);
    this.#goTo(digest);
    await this.#store(block);
    this.#candidates.commit(digest);
    this.#chain.forgetBefore(digest);
  }

  flushed(): Promise<void> {
    return this.#database.flushed();
  }

  stateAt(name: Digest | Height): StateView | undefined {
    const block =
      typeof name === "number" ? this.#blocks.blockAt(name) : (this.executed(name) ?? this.#blocks.blockByDigest(name));
    if (block === undefined) return undefined;
    const { digest, height } = block.context;
    return new EdrStateView(digest, height, () => {
      if (height > this.#blocks.height) this.#goTo(digest);
      return this.#client;
    });
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#database.close();
  }

  #goTo(digest: Digest): void {
    this.#chain.goTo(digest, (wanted): EdrBlock | undefined => this.#candidates.get(wanted)?.block);
  }

  #executeOn(parent: ExecutedBlock, context: BlockContext, ordered: readonly Transaction[]): ExecutedBlock {
    const executable = this.#executable(parent, context, ordered);
    const mined = this.#chain.mine(context, executable);
    const { transactions, receipts, stateRoot } = mined;
    if (transactions.length !== executable.length || transactions.some((mined, i) => mined !== executable[i])) {
      throw new InvariantError(
        "EDR_ORDER_DIFFERS",
        { digest: context.digest, ordered: executable.length, mined: transactions.length },
        `Hardhat's EVM did not mine the transactions of block ${context.height} as ordered`,
      );
    }
    const gasLimit = this.#genesis.execution.blockGasLimit;
    const header = buildHeader(context, parent.executionHash, gasLimit, stateRoot, transactions, receipts);
    if (header.receiptsRoot !== mined.receiptsRoot) {
      throw new InvariantError(
        "EDR_RECEIPTS_DIFFER",
        { digest: context.digest, ours: header.receiptsRoot, theirs: mined.receiptsRoot },
        `Hardhat's EVM and our encoding disagree on the receipts of block ${context.height}`,
      );
    }
    const changedState = stateRoot !== parent.header.stateRoot;
    return { context, header, executionHash: executionHashOf(header), transactions, receipts, changedState };
  }

  /** The transactions that can be executed where they stand. Usually all; else each is tried after the ones before. */
  #executable(parent: ExecutedBlock, context: BlockContext, ordered: readonly Transaction[]): readonly Transaction[] {
    const { blockGasLimit, transactionGasLimitMax } = this.#genesis.execution;
    const valid = ordered.filter(
      (transaction) =>
        intrinsicGas(transaction) <= transaction.gasLimit &&
        transaction.gasLimit <= transactionGasLimitMax &&
        transaction.gasLimit <= blockGasLimit &&
        (transaction.to !== undefined || transaction.data.length <= initCodeBytesMax),
    );
    if (this.#chain.aside(() => this.#canMineAll(context, valid))) return valid;
    return this.#chain.aside(() => {
      const executable: Transaction[] = [];
      let gasUsed = 0;
      let height = parent.context.height;
      for (const transaction of valid) {
        if (gasUsed + transaction.gasLimit > blockGasLimit) continue;
        if (!this.#isExecutable(transaction, parent.context.height, height)) continue;
        const { receipts } = this.#chain.mineLoose(context, [transaction]);
        const receipt = receipts[0];
        if (receipt === undefined) continue;
        executable.push(transaction);
        gasUsed += receipt.gasUsed;
        height = toHeight(height + 1);
      }
      return executable;
    });
  }

  #canMineAll(context: BlockContext, ordered: readonly Transaction[]): boolean {
    try {
      const { transactions } = this.#chain.mineLoose(context, ordered);
      return transactions.length === ordered.length && transactions.every((mined, i) => mined === ordered[i]);
    } catch (failure) {
      // The EVM refuses to mine at all when a transaction turns out to lack its value during the block.
      if (failure instanceof EdrError) return false;
      throw failure;
    }
  }

  #isExecutable(transaction: Transaction, parent: Height, now: Height): boolean {
    const view = (height: Height): EdrStateView => new EdrStateView(this.#chain.head, height, () => this.#client);
    const { sender, nonce, value } = transaction;
    return (
      view(now).nonceOf(sender) === nonce &&
      view(now).balanceOf(sender) >= value &&
      view(now).codeOf(sender).length === 0 &&
      view(parent).balanceOf(sender) >= value
    );
  }

  async #store(block: ExecutedBlock): Promise<void> {
    await this.#database.write(() => this.#blocks.put(block));
    this.#blocks.publish(block);
    let listed = (): void => undefined;
    await this.#database.write(() => {
      listed = this.#blocks.putIndex();
    });
    listed();
  }

  /** Executes the stored blocks, which must lead to the stored results. */
  #replay(): void {
    let parent = this.#blocks.blockAt(toHeight(0));
    for (let height = 1; height <= this.#blocks.height; height++) {
      const stored = this.#blocks.blockAt(toHeight(height));
      const again = parent && stored && this.#executeOn(parent, stored.context, stored.transactions);
      if (stored === undefined || again?.executionHash !== stored.executionHash) {
        throw damaged(height, "executing it again does not lead to its stored result");
      }
      this.#chain.forgetBefore(stored.context.digest);
      parent = stored;
    }
  }
}

function startEdr(genesis: Genesis): EdrClient {
  const accounts = Object.entries(genesis.alloc).map(([address, entry]) => ({
    address: hexToBytes(address as Digest),
    balance: BigInt(entry.balance ?? "0x0"),
    nonce: BigInt(entry.nonce ?? "0x0"),
    code: hexToBytes(entry.code ?? "0x"),
  }));
  const client = new EdrClient({
    chainId: genesis.chainId,
    blockGasLimit: genesis.execution.blockGasLimit,
    genesisTimestamp: Math.floor(genesis.timestampMs / 1000),
    accounts,
  });
  for (const [address, { storage }] of Object.entries(genesis.alloc)) {
    for (const [slot, word] of Object.entries(storage ?? {})) {
      const value = `0x${BigInt(word).toString(16).padStart(64, "0")}`;
      client.request("hardhat_setStorageAt", [address, `0x${BigInt(slot).toString(16)}`, value]);
    }
  }
  return client;
}
