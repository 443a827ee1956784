// The application that the validators order transactions for: mempool and execution engine behind the interface that
// knows nothing of votes and views. It promises the ordering side that whatever `buildTransactions` returns passes
// every honest validator's `verifyProposal`, and that executing and committing one block twice does it once.
import { decodedBlocksMax, recoveriesPerTurnMax } from "../config/limits.ts";
import { epochOfHeight } from "../epochs/epochs.ts";
import { validatorSetOf } from "../epochs/validatorSet.ts";
import type { BlockContext, ExecutedBlock, ExecutionEngine } from "../execution/engine.ts";
import { AllowList } from "../mempool/allowList.ts";
import { Mempool } from "../mempool/mempool.ts";
import { TransactionCache } from "../mempool/transactionCache.ts";
import { validityRules } from "../mempool/validity.ts";
import type { Unsubscribe } from "../rpc/backend.ts";
import type {
  AdmissionResult,
  Application,
  ExecutionResult,
  OrderedBlock,
  ProposalVerdict,
} from "../types/application.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import type { Address, Digest, Height } from "../types/brands.ts";
import { AllotError, InvariantError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";
import type { Transaction } from "../types/transaction.ts";
import { proposalFault } from "./proposalFault.ts";

export class LedgerApplication implements Application {
  readonly mempool: Mempool;
  readonly #engine: ExecutionEngine;
  readonly #genesis: Genesis;
  readonly #cache: TransactionCache;
  readonly #allowList: AllowList;
  /** Decoded transactions of blocks that were verified or executed and not committed yet. */
  readonly #decoded = new BoundedMap<Digest, readonly Transaction[]>(decodedBlocksMax);
  readonly #executing = new Map<Digest, Promise<ExecutionResult>>();
  readonly #committedListeners = new Set<(block: ExecutedBlock) => void>();
  /** Executions and commits run one after the other: each relies on what the one before left. */
  #turn: Promise<unknown> = Promise.resolve();
  #lastAnswer: { readonly parent: Digest; readonly revision: number; readonly answer: boolean } | undefined;

  constructor(genesis: Genesis, engine: ExecutionEngine) {
    this.#genesis = genesis;
    this.#engine = engine;
    this.#cache = new TransactionCache(validityRules(genesis));
    this.#allowList = new AllowList(genesis);
    this.mempool = new Mempool(this.#cache, this.#allowList, this.#committedState());
  }

  info(): { readonly height: Height; readonly digest: Digest; readonly executionHash: Digest } {
    const { context, executionHash } = this.#engine.committed();
    return { height: context.height, digest: context.digest, executionHash };
  }

  validatorsAt(height: Height): readonly Address[] {
    const { validators, contracts, consensus } = this.#genesis;
    const registry = contracts.ValidatorRegistry;
    if (registry === undefined) return validators.map(({ address }) => address);
    return validatorSetOf(this.#committedState(), registry, epochOfHeight(height, consensus.epochBlocks));
  }

  checkTransaction(raw: Uint8Array, origin: "client" | "peer"): AdmissionResult {
    return this.mempool.admit(raw, origin);
  }

  /** Until `parent` has been executed here, the committed state answers in its place. */
  hasTransactions(parent: Digest): boolean {
    if (this.mempool.size === 0) return false;
    const revision = this.mempool.revision;
    const state = this.#engine.stateAt(parent);
    if (state === undefined) return this.mempool.isExecutable(this.#committedState(), this.#packingLimits());
    if (this.#lastAnswer?.parent !== parent || this.#lastAnswer.revision !== revision) {
      this.#lastAnswer = { parent, revision, answer: this.mempool.isExecutable(state, this.#packingLimits()) };
    }
    return this.#lastAnswer.answer;
  }

  buildTransactions(parent: Digest): readonly Uint8Array[] {
    const state = this.#engine.stateAt(parent);
    if (state === undefined) {
      throw new InvariantError(
        "PARENT_NOT_EXECUTED",
        { parent },
        `asked to build on ${parent}, which was not executed`,
      );
    }
    return this.mempool.select(state, this.#packingLimits()).map((transaction) => transaction.raw);
  }

  async verifyProposal(block: OrderedBlock): Promise<ProposalVerdict> {
    const parent = this.#executedBlock(block.parentDigest);
    if (parent === undefined)
      return { verdict: "pending", reason: `parent ${block.parentDigest} was not executed yet` };
    if (parent.executionHash !== block.parentExecutionHash) {
      return {
        verdict: "invalid",
        code: "WRONG_PARENT_EXECUTION_HASH",
        reason: `the proposer's result of the parent is ${block.parentExecutionHash}, mine is ${parent.executionHash}`,
      };
    }
    try {
      const transactions = await this.#decode(block);
      const state = this.#engine.stateAt(block.parentDigest);
      if (state === undefined) return { verdict: "pending", reason: `parent ${block.parentDigest} is no longer held` };
      const fault = proposalFault(transactions, state, this.#allowList, this.#genesis.execution);
      return fault === undefined ? { verdict: "valid" } : { verdict: "invalid", ...fault };
    } catch (error) {
      if (error instanceof AllotError) return { verdict: "invalid", code: error.code, reason: error.message };
      throw error;
    }
  }

  execute(block: OrderedBlock): Promise<ExecutionResult> {
    const known = this.resultOf(block.digest);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#executing.get(block.digest);
    if (running !== undefined) return running;
    const started = this.#inTurn(() => this.#executeNow(block)).finally(() => this.#executing.delete(block.digest));
    this.#executing.set(block.digest, started);
    return started;
  }

  resultOf(digest: Digest): ExecutionResult | undefined {
    const block = this.#executedBlock(digest);
    return block && resultOf(block);
  }

  commit(digest: Digest): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#engine.committed().context.digest === digest) return;
      const block = this.#engine.executed(digest);
      if (block === undefined) {
        throw new InvariantError(
          "COMMIT_NOT_EXECUTED",
          { digest },
          `asked to commit ${digest}, which was not executed`,
        );
      }
      await this.#engine.commit(digest);
      this.mempool.onCommitted(block, this.#decoded.get(digest) ?? block.transactions, this.#committedState());
      this.#decoded.delete(digest);
      for (const listener of this.#committedListeners) listener(block);
    });
  }

  /** Called after each commit, in order of height, when engine and mempool are at that height. */
  onCommitted(listener: (block: ExecutedBlock) => void): Unsubscribe {
    this.#committedListeners.add(listener);
    return () => this.#committedListeners.delete(listener);
  }

  flushed(): Promise<void> {
    return this.#engine.flushed();
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#engine.close();
  }

  async #executeNow(block: OrderedBlock): Promise<ExecutionResult> {
    const { digest, parentDigest, height, timestampMs, proposer } = block;
    const context: BlockContext = { digest, parentDigest, height, timestampMs, proposer };
    return resultOf(await this.#engine.execute(context, await this.#decode(block)));
  }

  /** Recovers the senders not known yet, in turns that leave room for votes to be handled in between. */
  async #decode(block: OrderedBlock): Promise<readonly Transaction[]> {
    const known = this.#decoded.get(block.digest);
    if (known !== undefined) return known;
    const { blockBytesMax, blockTransactionsMax } = this.#genesis.execution;
    const count = block.transactions.length;
    if (count > blockTransactionsMax) {
      throw new AllotError(
        "TOO_MANY_TRANSACTIONS",
        { count, blockTransactionsMax },
        `the block has ${count} transactions; at most ${blockTransactionsMax} are allowed`,
      );
    }
    const bytes = block.transactions.reduce((sum, raw) => sum + raw.length, 0);
    if (bytes > blockBytesMax) {
      throw new AllotError(
        "BLOCK_TOO_LARGE",
        { bytes, blockBytesMax },
        `the block's transactions have ${bytes} bytes; at most ${blockBytesMax} are allowed`,
      );
    }
    const transactions: Transaction[] = [];
    let recoveries = 0;
    for (const raw of block.transactions) {
      const hash = this.#cache.hashOf(raw);
      if (!this.#cache.has(hash) && ++recoveries % recoveriesPerTurnMax === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      transactions.push(this.mempool.transaction(hash) ?? this.#cache.decode(raw, hash));
    }
    this.#decoded.set(block.digest, transactions);
    return transactions;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    // The caller gets the failure; the next one in line must run all the same.
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #executedBlock(digest: Digest): ExecutedBlock | undefined {
    const committed = this.#engine.committed();
    return committed.context.digest === digest ? committed : this.#engine.executed(digest);
  }

  #committedState() {
    const { digest } = this.#engine.committed().context;
    const state = this.#engine.stateAt(digest);
    if (state === undefined) {
      throw new InvariantError(
        "NO_COMMITTED_STATE",
        { digest },
        `the engine has no state for its committed block ${digest}`,
      );
    }
    return state;
  }

  #packingLimits() {
    const limits = this.#genesis.execution;
    return {
      bytesMax: limits.blockBytesMax,
      gasMax: limits.blockGasLimit,
      transactionsMax: limits.blockTransactionsMax,
      senderTransactionsMax: limits.senderTransactionsPerBlockMax,
    };
  }
}

function resultOf(block: ExecutedBlock): ExecutionResult {
  return {
    digest: block.context.digest,
    height: block.context.height,
    executionHash: block.executionHash,
    stateRoot: block.header.stateRoot,
    receiptsRoot: block.header.receiptsRoot,
    gasUsed: block.header.gasUsed,
    transactionsExecuted: block.transactions.length,
    changedState: block.changedState,
  };
}
