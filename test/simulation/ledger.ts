// What a validator's application is in the simulation: a ledger whose state is the set of transactions it has taken.
// Two transactions mean something: "join 5" and "leave 2" change the validator set, as ValidatorRegistry does.
// The result of a block is a hash over the parent's result and the block, so nodes that differ in anything differ here.
import type { CommittedTip } from "../../node/consensus/input.ts";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import { baseHeightOf, epochOfHeight, lastHeightOf } from "../../node/epochs/epochs.ts";
import type { Digest, Epoch } from "../../node/types/brands.ts";
import type { CertificateScheme } from "../../node/types/certificateScheme.ts";
import { SharedObjects } from "./objects.ts";
import { SimulatedRules } from "./simulatedRules.ts";

/** A block as an application sees it. */
interface LedgerBlock {
  readonly digest: Digest;
  readonly parentDigest: Digest;
  readonly transactions: readonly Uint8Array[];
}

interface Result {
  readonly parent: Digest;
  readonly height: number;
  readonly executionHash: Digest;
  readonly changedState: boolean;
  readonly transactions: readonly string[];
}

export const transactionText = (raw: Uint8Array): string => Buffer.from(raw).toString("latin1");
const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

export class Ledger {
  readonly #results = new Map<Digest, Result>();
  readonly #committed = new Set<string>();
  readonly waiting = new Set<string>();
  /** What transactions that are calls have made of what they are about. */
  readonly objects = new SharedObjects();
  /** What the outside believes the result of genesis to be. */
  readonly genesis: CommittedTip;
  /** What it makes of transactions with evidence, where somebody sends such. */
  readonly rules: SimulatedRules | undefined;
  #tip: Digest;
  readonly #epochBlocks: number;
  /** Members by the epoch from which they are the set, as committed. */
  readonly #sets: Map<number, readonly number[]>;

  constructor(genesis: CommittedTip, first: readonly number[], epochBlocks: number, scheme?: CertificateScheme) {
    this.genesis = genesis;
    this.#epochBlocks = epochBlocks;
    this.#sets = new Map([[0, first]]);
    const membersOf = (epoch: Epoch) => this.membersAt(baseHeightOf(epoch, epochBlocks) + 1);
    this.rules = scheme && new SimulatedRules(scheme, membersOf);
    this.#tip = genesis.digest;
    const { digest, executionHash } = genesis;
    this.#results.set(digest, { parent: digest, height: 0, executionHash, changedState: false, transactions: [] });
  }

  submit(transaction: string): void {
    if (!this.#committed.has(transaction)) this.waiting.add(transaction);
  }

  #isTaken(transaction: string, on: Digest): boolean {
    for (let at = on; at !== this.#tip; ) {
      const result = this.#results.get(at);
      if (result === undefined || result.parent === at) break;
      if (result.transactions.includes(transaction)) return true;
      at = result.parent;
    }
    return this.#committed.has(transaction);
  }

  executable(parent: Digest): string[] {
    return [...this.waiting].filter((transaction) => !this.#isTaken(transaction, parent));
  }

  build(parent: Digest, countMax: number): Uint8Array[] {
    return this.executable(parent).slice(0, countMax).map(bytes);
  }

  /** Undefined when the block is valid on its parent. */
  faultOf(block: LedgerBlock): string | undefined {
    const texts = block.transactions.map(transactionText);
    if (new Set(texts).size !== texts.length) return "DUPLICATE";
    if (texts.some((text) => text.startsWith("invalid"))) return "INVALID";
    return texts.some((text) => this.#isTaken(text, block.parentDigest)) ? "ALREADY_TAKEN" : undefined;
  }

  resultOf(digest: Digest): { readonly executionHash: Digest; readonly changedState: boolean } | undefined {
    return this.#results.get(digest);
  }

  hasResult(digest: Digest): boolean {
    return this.#results.has(digest);
  }

  execute(block: LedgerBlock, isWrong = false): { executionHash: Digest; changedState: boolean } {
    const parent = this.#results.get(block.parentDigest);
    if (parent === undefined) throw new Error(`asked to execute ${block.digest} before its parent`);
    const executionHash = keccak256Hex(bytes(parent.executionHash + block.digest + (isWrong ? "wrong" : "")));
    const transactions = block.transactions.map(transactionText);
    const changedState = transactions.length > 0;
    const height = parent.height + 1;
    this.#results.set(block.digest, { parent: block.parentDigest, height, executionHash, changedState, transactions });
    return { executionHash, changedState };
  }

  /** Members from the block of this height on. */
  membersAt(height: number): readonly number[] {
    const epoch = epochOfHeight(height, this.#epochBlocks);
    const last = Math.max(...[...this.#sets.keys()].filter((from) => from <= epoch));
    return this.#sets.get(last) as readonly number[];
  }

  /** As EpochSets.sol: what comes in one of an epoch's last two blocks counts for the epoch after the next. */
  #changeSet(transaction: string, height: number): void {
    const [verb, machine] = transaction.split(" ");
    const last = lastHeightOf(epochOfHeight(height, this.#epochBlocks), this.#epochBlocks);
    if (last === undefined || (verb !== "join" && verb !== "leave")) return;
    const from = epochOfHeight(height, this.#epochBlocks) + (height + 2 <= last ? 1 : 2);
    const newest = this.#sets.get(Math.max(...this.#sets.keys())) as readonly number[];
    const others = newest.filter((member) => member !== Number(machine));
    if (verb === "leave" && others.length === 0) return;
    this.#sets.set(from, verb === "leave" ? others : [...others, Number(machine)].sort((a, b) => a - b));
  }

  commit(block: Pick<LedgerBlock, "digest">): { executionHash: Digest; changedState: boolean } {
    const result = this.#results.get(block.digest);
    if (result === undefined) throw new Error(`asked to commit ${block.digest} before its execution`);
    for (const transaction of result.transactions) {
      this.#committed.add(transaction);
      this.objects.apply(transaction);
      this.waiting.delete(transaction);
      this.#changeSet(transaction, result.height);
    }
    this.rules?.execute(result.transactions);
    this.#tip = block.digest;
    return result;
  }
}
