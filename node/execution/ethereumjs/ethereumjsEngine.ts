// The default engine: an EVM over a flat state in LMDB, with one batched update of the state trie for each block. The
// EVM is @ethereumjs/evm's, by default with our own loop in place of its interpreter. A committed block is on disk, whole,
// before `commit` resolves.
import { setImmediate } from "node:timers/promises";
import { executionTurnMs, stateFlushBlocksMax } from "../../config/limits.ts";
import { type Digest, Height } from "../../types/brands.ts";
import { AllotError } from "../../types/errors.ts";
import type { Genesis } from "../../types/genesis.ts";
import type { Transaction } from "../../types/transaction.ts";
import { buildHeader, prevRandaoOf } from "../buildHeader.ts";
import { Candidates, damaged, discarded, requireParent } from "../candidates.ts";
import type { ChainReader } from "../chainReader.ts";
import type { BlockContext, EngineOptions, ExecutedBlock, ExecutionEngine, StateView } from "../engine.ts";
import { genesisBlock, genesisContext, genesisState } from "../genesisBlock.ts";
import { executionHashOf } from "../headerEncoding.ts";
import type { Receipt } from "../receipt.ts";
import { SerialQueue } from "../serialQueue.ts";
import { JournaledState } from "../state/journaledState.ts";
import { encodeStateChanges, isUnchanged, type StateChanges } from "../state/stateChanges.ts";
import { type State, StateLayer } from "../state/stateLayer.ts";
import type { StateReader } from "../state/stateReader.ts";
import { commitChanges } from "../state/stateTrie.ts";
import { BlockStore } from "../store/blockStore.ts";
import { ExecutionDatabase } from "../store/database.ts";
import { StateStore } from "../store/stateStore.ts";
import type { NodeChanges } from "../trie/updateTrie.ts";
import { FastRunner } from "./fastRunner.ts";
import { History } from "./history.ts";
import type { BlockEnvironment, MessageRunner } from "./messageRunner.ts";
import { runTransaction } from "./runTransaction.ts";
import { FlatStateView } from "./stateView.ts";
import { StockRunner } from "./stockRunner.ts";

/** A block that has been executed and not committed. */
interface Candidate {
  readonly block: ExecutedBlock;
  readonly layer: StateLayer;
}

export class EthereumjsEngine implements ExecutionEngine {
  readonly name = "ethereumjs";
  readonly #genesis: Genesis;
  readonly #historyBlocks: number;
  readonly #database: ExecutionDatabase;
  readonly #blocks: BlockStore;
  readonly #committed: StateStore;
  readonly #history: History;
  readonly #candidates = new Candidates<Candidate>();
  readonly #executor: MessageRunner;
  readonly #caller: MessageRunner;
  readonly #executions = new SerialQueue();
  readonly #calls = new SerialQueue();
  readonly #commits = new SerialQueue();

  private constructor(options: EngineOptions, database: ExecutionDatabase) {
    this.#genesis = options.genesis;
    this.#historyBlocks = options.historyBlocks;
    this.#database = database;
    this.#committed = new StateStore(database);
    this.#blocks = new BlockStore(database, this.#committed.applied);
    this.#history = new History(database, this.#committed, () => this.#blocks.height);
    const Runner = options.interpreter === "stock" ? StockRunner : FastRunner;
    this.#executor = new Runner(options.genesis.chainId);
    this.#caller = new Runner(options.genesis.chainId);
  }

  /** Opens the engine's folder, or founds a new one from genesis. Throws AllotError for a folder it cannot use. */
  static async open(options: EngineOptions): Promise<EthereumjsEngine> {
    const database = new ExecutionDatabase(options.folder);
    try {
      database.claim("ethereumjs", genesisContext(options.genesis).digest);
      const engine = new EthereumjsEngine(options, database);
      if (engine.#blocks.isEmpty) await engine.#found();
      else engine.#recover();
      return engine;
    } catch (failure) {
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
    if (digest === this.#blocks.tip.context.digest) return this.#blocks.tip;
    return this.#candidates.get(digest)?.block;
  }

  execute(context: BlockContext, transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    return this.#executions.run(() => this.#execute(context, transactions));
  }

  commit(digest: Digest): Promise<void> {
    return this.#commits.run(() => this.#commit(digest));
  }

  flushed(): Promise<void> {
    return this.#database.flushed();
  }

  stateAt(name: Digest | Height): StateView | undefined {
    const block = typeof name === "number" ? this.#blocks.blockAt(name) : this.#known(name);
    if (block === undefined) return undefined;
    const { digest, height } = block.context;
    if (!this.#candidates.has(digest) && !this.#history.reaches(height)) return undefined;
    return new FlatStateView({
      digest,
      height,
      state: this.#readerOf(digest, height),
      trie: (address) => this.#candidates.get(digest)?.layer ?? this.#history.trieAt(height, address),
      environment: this.#environment(block.context, block.header.parentHash),
      withRunner: (use) => this.#calls.run(() => use(this.#caller)),
    });
  }

  async close(): Promise<void> {
    await this.#executions.run(async () => undefined);
    await this.#calls.run(async () => undefined);
    await Promise.all([this.#executor.close(), this.#caller.close()]);
    await this.#commits.run(() => this.#flush(true));
    await this.#database.close();
  }

  #known(digest: Digest): ExecutedBlock | undefined {
    return this.executed(digest) ?? this.#blocks.blockByDigest(digest);
  }

  async #execute(context: BlockContext, transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const known = this.executed(context.digest);
    if (known !== undefined) return known;
    try {
      return await this.#executeNew(context, transactions);
    } catch (failure) {
      // When the parent lost against a sibling during execution, what was read meanwhile means nothing.
      if (this.#baseOf(context.parentDigest) === undefined && !(failure instanceof AllotError)) {
        throw discarded(context.digest, failure);
      }
      throw failure;
    }
  }

  async #executeNew(context: BlockContext, transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const parent = requireParent(context, this.executed(context.parentDigest));
    const base = this.#baseOf(context.parentDigest);
    if (base === undefined) throw discarded(context.digest);
    const state = new JournaledState(base);
    const environment = this.#environment(context, parent.executionHash);
    const executed: Transaction[] = [];
    const receipts: Receipt[] = [];
    let turnStart = performance.now();
    for (const transaction of transactions) {
      if (performance.now() - turnStart > executionTurnMs) {
        // Votes and requests that have come in meanwhile must not wait for a whole block.
        await setImmediate();
        turnStart = performance.now();
      }
      const gasUsed = receipts[receipts.length - 1]?.cumulativeGasUsed ?? 0;
      const { execution } = this.#genesis;
      const receipt = await runTransaction(this.#executor, state, environment, execution, transaction, gasUsed);
      if (receipt === undefined) continue;
      executed.push(transaction);
      receipts.push(receipt);
    }
    const { stateRoot, changes, nodes } = commitChanges(base, state.changes());
    const root = isUnchanged(changes) ? parent.header.stateRoot : stateRoot;
    const gasLimit = this.#genesis.execution.blockGasLimit;
    const header = buildHeader(context, parent.executionHash, gasLimit, root, executed, receipts);
    const executionHash = executionHashOf(header);
    const changedState = !isUnchanged(changes);
    const block: ExecutedBlock = { context, header, executionHash, transactions: executed, receipts, changedState };
    // The parent may have been committed meanwhile: then its state is the committed one.
    const parentState = this.#baseOf(context.parentDigest);
    if (parentState === undefined) throw discarded(context.digest);
    this.#candidates.add({ block, layer: new StateLayer(parentState, changes, nodes) });
    return block;
  }

  /** The state that a child of `digest` starts from. */
  #baseOf(digest: Digest): State | undefined {
    return digest === this.#blocks.tip.context.digest ? this.#committed : this.#candidates.get(digest)?.layer;
  }

  async #commit(digest: Digest): Promise<void> {
    const tip = this.#blocks.tip.context.digest;
    if (digest === tip) return;
    const { block, layer } = this.#candidates.child(digest, tip);
    await this.#write(block, layer.changes);
    this.#publish(block, layer.changes, layer.nodes);
    this.#candidates.commit(digest);
    for (const { layer: child } of this.#candidates.values())
      if (child.parent === layer) child.parent = this.#committed;
    await this.#flush(false);
  }

  #write(block: ExecutedBlock, changes: StateChanges): Promise<void> {
    const { height } = block.context;
    return this.#database.write(() => {
      this.#blocks.put(block);
      this.#database.changes.put(height, encodeStateChanges(changes));
      // What the tables do not hold yet has to be read again after a crash.
      const pruned = height - Math.max(this.#historyBlocks, 2 * stateFlushBlocksMax);
      if (pruned > 0 && pruned <= this.#committed.applied) this.#database.changes.remove(pruned);
    });
  }

  #publish(block: ExecutedBlock, changes: StateChanges, nodes: NodeChanges): void {
    const { height } = block.context;
    this.#committed.absorb(changes, nodes, height);
    this.#history.publish(height, changes);
    this.#blocks.publish(block);
  }

  async #flush(force: boolean): Promise<void> {
    await this.#committed.flush(force, () => this.#blocks.putIndex());
  }

  async #found(): Promise<void> {
    const { stateRoot, changes, nodes } = genesisState(this.#genesis);
    const block = genesisBlock(this.#genesis, stateRoot);
    await this.#write(block, changes);
    this.#publish(block, changes, nodes);
    await this.#flush(true);
  }

  /** Brings the committed state from where the tables left it to the last committed block, and checks the way. */
  #recover(): void {
    for (let height = this.#committed.applied + 1; height <= this.#blocks.height; height++) {
      const changes = this.#history.changesOf(height);
      const block = this.#blocks.blockAt(Height(height));
      if (changes === undefined || block === undefined) {
        throw damaged(height, "its record is missing");
      }
      const { stateRoot, nodes } = commitChanges(this.#committed, changes);
      if (!isUnchanged(changes) && stateRoot !== block.header.stateRoot) {
        throw damaged(height, `its changes lead to the state root ${stateRoot}, not ${block.header.stateRoot}`);
      }
      this.#committed.absorb(changes, nodes, Height(height));
    }
  }

  #readerOf(digest: Digest, height: Height): StateReader {
    const resolve = (): StateReader => {
      const candidate = this.#candidates.get(digest);
      if (candidate !== undefined) return candidate.layer;
      if (this.#blocks.tip.context.digest === digest) return this.#committed;
      if (height < this.#blocks.height && this.#blocks.blockAt(height)?.context.digest === digest) {
        return this.#history.stateAt(height);
      }
      throw discarded(digest);
    };
    return {
      account: (address) => resolve().account(address),
      slot: (address, slot) => resolve().slot(address, slot),
      code: (codeHash) => resolve().code(codeHash),
    };
  }

  #environment(context: BlockContext, parentHash: Digest): BlockEnvironment {
    return {
      number: context.height,
      coinbase: context.proposer,
      timestamp: Math.floor(context.timestampMs / 1000),
      prevRandao: prevRandaoOf(context.digest),
      gasLimit: this.#genesis.execution.blockGasLimit,
      executionHashAt: (height) => this.#ancestorHash(context, parentHash, height),
    };
  }

  /** Execution hash of an ancestor of the block, candidates included. */
  #ancestorHash(context: BlockContext, parentHash: Digest, height: number): Digest | undefined {
    if (height === context.height - 1) return parentHash;
    let ancestor = this.#known(context.parentDigest);
    while (
      ancestor !== undefined &&
      ancestor.context.height > height &&
      this.#candidates.has(ancestor.context.digest)
    ) {
      ancestor = this.#known(ancestor.context.parentDigest);
    }
    if (ancestor === undefined || ancestor.context.height === height) return ancestor?.executionHash;
    return this.#blocks.blockAt(Height(height))?.executionHash;
  }
}
