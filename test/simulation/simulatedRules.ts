// The rules about contradictory votes as the simulation's ledger executes them: what contracts/slashing/VoteEquivocation.sol
// says, judged anew here and not by the core that found the evidence. Transactions are texts, as all of the ledger's are.
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import type { Judgement, ReportingAct } from "../../node/reporting/decide.ts";
import type { Digest, Epoch, ValidatorIndex } from "../../node/types/brands.ts";
import type { CertificateScheme } from "../../node/types/certificateScheme.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { Vote } from "../../node/types/vote.ts";

const mark = "evidence:";

/** Who sends it is believed: what is tried here is the evidence, not the signatures of transactions. */
export interface EvidenceTransaction {
  readonly reporter: ValidatorIndex;
  readonly nonce: number;
  readonly act: ReportingAct;
  readonly commitment?: Digest;
  readonly evidence?: Evidence;
}

export interface Punishment {
  /** By machine. */
  readonly offender: number;
  readonly reporter: ValidatorIndex;
  readonly isRewarded: boolean;
}

export const isEvidence = (transaction: string): boolean => transaction.startsWith(mark);
export const evidenceText = (transaction: EvidenceTransaction): string => mark + JSON.stringify(transaction);
export const evidenceIn = (text: string): EvidenceTransaction => JSON.parse(text.slice(mark.length));

const digestOf = (vote: Vote): string => (vote.kind === "nullify" ? "" : vote.digest);
const hash = (text: string): Digest => keccak256Hex(new TextEncoder().encode(text));

const placeOf = ({ offender, first }: Evidence): string => `${offender}/${first.vote.epoch}/${first.vote.view}`;

/** What a reporter commits to; the salt is its own to choose, and this one is as good as any where nobody guesses. */
export function commitmentTo(evidence: Evidence, reporter: ValidatorIndex): Digest {
  const votes = [evidence.first.vote, evidence.second.vote].map((vote) => `${vote.kind}/${digestOf(vote)}`).sort();
  return hash(`${placeOf(evidence)}/${votes.join("/")}/${reporter}`);
}

/** The four pairs, in either order. */
function contradict(a: Vote, b: Vote): boolean {
  if (a.epoch !== b.epoch || a.view !== b.view) return false;
  if (a.kind === "nullify") return b.kind === "finalize";
  return b.kind === "nullify" ? a.kind === "finalize" : a.digest !== b.digest;
}

export class SimulatedRules {
  readonly #scheme: CertificateScheme;
  /** Machines of an epoch's set, in its order. */
  readonly membersOf: (epoch: Epoch) => readonly number[];
  readonly #nonces = new Map<ValidatorIndex, number>();
  readonly #committedAt = new Map<string, number>();
  readonly #outcomes = new Map<Digest, "executed" | "reverted">();
  readonly punished = new Map<string, Punishment>();
  /** Machines whose keys are barred. */
  readonly barred = new Set<number>();
  #block = 0;

  constructor(scheme: CertificateScheme, membersOf: (epoch: Epoch) => readonly number[]) {
    this.#scheme = scheme;
    this.membersOf = membersOf;
  }

  /** Machine of the offender, by which its faults are named; undefined where the epoch's set has no such place. */
  offenderOf({ offender, first }: Evidence): number | undefined {
    return this.membersOf(first.vote.epoch)[offender];
  }

  /** Transactions with evidence in committed blocks so far. */
  get transactions(): number {
    return this.#outcomes.size;
  }

  nonceOf(reporter: ValidatorIndex): number {
    return this.#nonces.get(reporter) ?? 0;
  }

  hasCommitted(evidence: Evidence, reporter: ValidatorIndex): boolean {
    return this.#committedAt.has(`${reporter}/${commitmentTo(evidence, reporter)}`);
  }

  outcomeOf(text: string): "executed" | "reverted" | undefined {
    return this.#outcomes.get(hash(text));
  }

  judge(evidence: Evidence): Judgement {
    const { offender, first, second } = evidence;
    if (this.offenderOf(evidence) === undefined) return { verdict: "noValidator" };
    const areOffenders = [first, second].every(
      (signed) => signed.signer === offender && this.#scheme.verifyVote(signed),
    );
    if (!areOffenders) return { verdict: "refuted", code: "VoteEquivocationAuthorInvalid" };
    if (!contradict(first.vote, second.vote)) return { verdict: "refuted", code: "VoteEquivocationConsistent" };
    return { verdict: this.punished.has(this.#faultOf(evidence)) ? "punished" : "proven" };
  }

  /** Executes the next block's transactions, in order. */
  execute(transactions: readonly string[]): void {
    this.#block++;
    for (const text of transactions) {
      if (isEvidence(text)) this.#outcomes.set(hash(text), this.#take(evidenceIn(text)) ? "executed" : "reverted");
    }
  }

  #faultOf(evidence: Evidence): string {
    const { epoch, view } = evidence.first.vote;
    return `${this.offenderOf(evidence)}/${epoch}/${view}`;
  }

  #take({ reporter, nonce, act, commitment, evidence }: EvidenceTransaction): boolean {
    if (nonce !== this.nonceOf(reporter)) return false;
    this.#nonces.set(reporter, nonce + 1);
    if (act === "commit") {
      const key = `${reporter}/${commitment}`;
      if (this.#committedAt.has(key)) return false;
      this.#committedAt.set(key, this.#block);
      return true;
    }
    if (evidence === undefined || this.judge(evidence).verdict !== "proven") return false;
    const committedAt = this.#committedAt.get(`${reporter}/${commitmentTo(evidence, reporter)}`);
    if (act === "show" && (committedAt === undefined || committedAt >= this.#block)) return false;
    const offender = this.offenderOf(evidence) as number;
    this.punished.set(this.#faultOf(evidence), { offender, reporter, isRewarded: act === "show" });
    this.barred.add(offender);
    return true;
  }
}
