import type {
  AdmissionResult,
  Application,
  ExecutionResult,
  OrderedBlock,
  ProposalVerdict,
} from "../../node/types/application.ts";
import { type Address, type Digest, Height } from "../../node/types/brands.ts";
import type { Ledger } from "./ledger.ts";
import { addressOf } from "./machines.ts";

/** What of the application's state survives: blocks committed, and how many of them a power cut leaves at least. */
export interface CommittedBlocks {
  readonly blocks: OrderedBlock[];
  flushed: number;
}

/** The simulation's ledger as the driver sees an application. */
export class SimulatedApplication implements Application {
  readonly #ledger: Ledger;
  readonly #stored: CommittedBlocks;
  readonly #wait: (durationMsMax: number) => Promise<void>;
  readonly #blockTransactionsMax: number;
  readonly #blocks = new Map<Digest, OrderedBlock>();
  #queue: Promise<unknown> = Promise.resolve();
  /** The result that this node's engine gets wrong, if any. */
  readonly #wrongAtHeight: number | undefined;
  /** Called after each commit. */
  onCommitted: () => void = () => undefined;

  constructor(
    ledger: Ledger,
    stored: CommittedBlocks,
    wait: (durationMsMax: number) => Promise<void>,
    blockTransactionsMax: number,
    wrongAtHeight: number | undefined,
  ) {
    this.#ledger = ledger;
    this.#stored = stored;
    this.#wait = wait;
    this.#blockTransactionsMax = blockTransactionsMax;
    this.#wrongAtHeight = wrongAtHeight;
    for (const block of stored.blocks) {
      this.#execute(block);
      ledger.commit(block);
    }
  }

  info() {
    const tip = this.#stored.blocks.at(-1);
    const { digest, executionHash } = tip === undefined ? this.#ledger.genesis : this.#result(tip);
    return { height: Height(this.#stored.blocks.length), digest, executionHash };
  }

  checkTransaction(raw: Uint8Array): AdmissionResult {
    this.#ledger.submit(Buffer.from(raw).toString("latin1"));
    return { admitted: true, hash: this.#ledger.genesis.digest, known: false };
  }

  hasTransactions(parent: Digest): boolean {
    return this.#ledger.executable(parent).length > 0;
  }

  buildTransactions(parent: Digest): readonly Uint8Array[] {
    return this.#ledger.build(parent, this.#blockTransactionsMax);
  }

  async verifyProposal(block: OrderedBlock): Promise<ProposalVerdict> {
    await this.#wait(5);
    const known = this.#ledger.resultOf(block.parentDigest);
    if (known === undefined) return { verdict: "pending", reason: "its parent has not been executed" };
    const fault = this.#ledger.faultOf(block);
    return fault === undefined ? { verdict: "valid" } : { verdict: "invalid", code: fault, reason: fault };
  }

  validatorsAt(height: Height): readonly Address[] {
    return this.#ledger.membersAt(height).map(addressOf);
  }

  /** One after the other, in the order asked for. */
  execute(block: OrderedBlock): Promise<ExecutionResult> {
    return this.#queued(async () => {
      await this.#wait(5);
      this.#execute(block);
      return this.#result(block);
    });
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #execute(block: OrderedBlock): void {
    this.#blocks.set(block.digest, block);
    this.#ledger.execute(block, block.height === this.#wrongAtHeight);
  }

  #result(block: OrderedBlock): ExecutionResult {
    const result = this.#ledger.resultOf(block.digest) as { executionHash: Digest; changedState: boolean };
    const { digest, height, transactions } = block;
    const roots = { stateRoot: result.executionHash, receiptsRoot: result.executionHash, gasUsed: 0 };
    return { digest, height, ...result, ...roots, transactionsExecuted: transactions.length };
  }

  resultOf(digest: Digest): ExecutionResult | undefined {
    const block = this.#blocks.get(digest);
    return block === undefined || this.#ledger.resultOf(digest) === undefined ? undefined : this.#result(block);
  }

  commit(digest: Digest): Promise<void> {
    return this.#queued(() => this.#commit(digest));
  }

  async #commit(digest: Digest): Promise<void> {
    const block = this.#blocks.get(digest) as OrderedBlock;
    this.#ledger.commit(block);
    this.#stored.blocks.push(block);
    await this.#wait(1);
    this.onCommitted();
  }

  async flushed(): Promise<void> {
    const { length } = this.#stored.blocks;
    await this.#wait(5);
    this.#stored.flushed = Math.max(this.#stored.flushed, length);
  }

  async close(): Promise<void> {}
}
