// What the market should be in, kept beside it: an implementation of docs/rules.md of its own, in numbers and lists, without
// a look at storage words or tricks of the contracts. Amounts are millionths of a credit, times seconds.
import type { Rule as MechanismName } from "../../contracts/market/awardRules.ts";
import type { Person } from "../people.ts";
import type { AccusationModel, AttestationModel } from "./accusations.ts";
import type { Account } from "./attesters.ts";

export interface KeyModel {
  readonly person: Person;
  readonly agent: AgentModel;
  readonly from: number;
  /** First second in which it is no longer the agent's; 0 while it is. */
  to: number;
  readonly generation: number;
  readonly first: boolean;
  revoked: boolean;
}

export interface Held {
  level: number;
  validUntil: number;
  generation: number;
  uid: string;
}

export interface AgentModel {
  readonly id: number;
  owner: Person;
  organisation: number;
  suspended: boolean;
  bonded: number;
  locked: number;
  committed: number;
  running: number;
  declared: number;
  generation: number;
  obligationUntil: number;
  leaving: { amount: number; readyAt: number; requestedAt: number };
  readonly capabilities: Map<string, Held>;
  /** When each capability was last taken from it. */
  readonly removedAt: Map<string, number>;
  /** When it last changed hands; 0 before. */
  transferredAt: number;
  /** Accusations against it before the operators. */
  openFaults: number;
  key: KeyModel | undefined;
  hadKey: boolean;
  nonce: number;
}

export interface BidModel {
  readonly key: KeyModel;
  readonly amount: number;
  readonly salt: string;
  readonly commitment: string;
  /** When it was committed. */
  readonly at: number;
  revealed: boolean;
}

export interface JobModel {
  readonly id: number;
  readonly client: string;
  readonly provider: string;
  readonly evaluator: string;
  readonly expiredAt: number;
  budget: number;
  status: "open" | "funded" | "submitted" | "completed" | "rejected" | "expired";
  submittedAt: number;
}

export interface SeatModel {
  readonly voter: string;
  readonly agent: AgentModel;
  readonly weight: number;
  sealed: { readonly uphold: boolean; readonly salt: string } | undefined;
  opened: boolean;
}

export interface DisputeModel {
  readonly objector: string;
  readonly voteDeadline: number;
  readonly revealDeadline: number;
  readonly seats: readonly SeatModel[];
  concluded: boolean;
}

export interface UnitModel {
  key: KeyModel;
  price: number;
  status: "assigned" | "offered" | "paid" | "refunded";
  verdict: "none" | "accepted" | "rejected";
  round: number;
  job: JobModel;
  deadline: number;
  decidedAt: number;
  /** Who had failed when the unit was offered. */
  without: readonly string[];
  dispute: DisputeModel | undefined;
}

/** A delivery after the deadline is none. */
export const deliveredInTime = ({ job, deadline }: UnitModel): boolean =>
  job.submittedAt !== 0 && job.submittedAt <= deadline;

export interface TaskModel {
  readonly id: number;
  readonly tenderId: string;
  readonly requester: Person;
  readonly evaluator: string;
  readonly mechanism: MechanismName;
  readonly reserve: number;
  readonly units: number;
  readonly cap: number;
  readonly lock: number;
  /** Least stake of a bidder: the minimum when the task was posted. */
  readonly minStake: number;
  /** Level of the capability that bidders must hold; 0 for none. */
  readonly level: number;
  readonly openedAt: number;
  readonly commitDeadline: number;
  readonly revealDeadline: number;
  readonly deliveryWindow: number;
  readonly verdictWindow: number;
  readonly disputeWindow: number;
  readonly acceptanceWindow: number;
  readonly maxReassignments: number;
  readonly requesterOrganisation: number;
  /** 0 unless the award binds the price. */
  readonly evaluatorOrganisation: number;
  status: "open" | "settled" | "closed" | "cancelled";
  phase: "commit" | "awarded" | "void";
  readonly bids: BidModel[];
  /** Organisations that bid, as they were then: an agent that changes hands makes no room. */
  readonly organisations: Set<number>;
  readonly assigned: UnitModel[];
  readonly failed: string[];
  openUnits: number;
  /** Paid to providers and returned to the requester, so far. */
  paid: number;
  refunded: number;
}

export interface FaultModel {
  readonly agent: AgentModel;
  readonly taken: number;
  held: number;
  readonly claimUntil: number;
  readonly punishedInBlock: number;
}

/** Figures that the network was founded with, as numbers. */
export interface Figures {
  minStake: number;
  readonly stakePerUnit: number;
  readonly unbondingDelay: number;
  readonly evidenceAge: number;
  readonly rewardClaim: number;
  readonly equivocationFixed: number;
  readonly equivocationShareBps: number;
  readonly rewardShareBps: number;
  readonly postingFee: number;
  readonly lockMin: number;
  readonly noShowBps: number;
  readonly expiryMargin: number;
  readonly candidatesMax: number;
  readonly attesterMinStake: number;
  readonly accusation: {
    readonly shareBps: number;
    readonly accusers: number;
    readonly seconding: number;
    readonly appeal: number;
  };
  readonly panel: {
    readonly bond: number;
    readonly fee: number;
    readonly voteWindow: number;
    readonly voteRevealWindow: number;
    readonly seats: number;
    readonly quorum: number;
    readonly level: number;
    readonly weightMax: number;
  };
}

export const DIGEST = "digest";
export const EVALUATION = "evaluation";
export const CAPACITY_MAX = 65_535;

/** Sums by account. */
export class Balances {
  private readonly of = new Map<string, number>();
  get(account: string): number {
    return this.of.get(account) ?? 0;
  }
  add(account: string, amount: number): void {
    this.of.set(account, this.get(account) + amount);
  }
  take(account: string): number {
    const amount = this.get(account);
    this.of.delete(account);
    return amount;
  }
  sum(): number {
    let total = 0;
    for (const amount of this.of.values()) total += amount;
    return total;
  }
  accounts(): readonly string[] {
    return [...this.of.keys()];
  }
}

export interface Addresses {
  readonly market: string;
  readonly escrow: string;
  readonly ledger: string;
  readonly panel: string;
  readonly attesters: string;
}

export class Model {
  readonly figures: Figures;
  readonly at: Addresses;
  now: number;
  block: number;
  /** Organisation of every member; strangers have none. */
  readonly organisationOf = new Map<string, number>();
  readonly delistedMembers = new Set<string>();
  readonly delistedOrganisations = new Set<number>();
  /** Credits of everybody, contracts included. */
  readonly wallets = new Balances();
  burned = 0;
  /** Credits that somebody sent a contract unasked. */
  readonly gifts = new Balances();
  readonly agents: AgentModel[] = [];
  /** Every account that ever was a bid key. */
  readonly keys = new Map<string, KeyModel>();
  readonly tasks: TaskModel[] = [];
  readonly jobs: JobModel[] = [];
  readonly marketCredits = new Balances();
  readonly escrowCredits = new Balances();
  readonly panelCredits = new Balances();
  readonly members: { agent: AgentModel; organisation: number; joinedAt: number }[] = [];
  /** By agent and tender. */
  readonly faults = new Map<string, FaultModel>();
  /** Blocks in which reporters committed to evidence. */
  readonly evidence = new Map<string, number>();
  readonly rewards = new Map<string, { amount: number; readyAt: number }>();
  /** Stake of attesters by account, and what accusations of attesters earned. */
  readonly attesters = new Map<string, Account>();
  readonly attesterRewards = new Map<string, { amount: number; readyAt: number }>();
  /** Attesters that the operators accept; others may have stake, and no say. */
  readonly listed = new Set<string>();
  /** Who attests every capability. */
  attester = "";
  readonly attestations: AttestationModel[] = [];
  readonly accusations: AccusationModel[] = [];
  /** Attestations that the operators have decided about. */
  readonly judged = new Set<string>();

  constructor(figures: Figures, at: Addresses, now: number) {
    this.figures = figures;
    this.at = at;
    this.now = now;
    this.block = 0;
  }

  /** A copy that shares nothing with this one. */
  copy(): Model {
    const copy = structuredClone(this);
    Object.setPrototypeOf(copy, Model.prototype);
    for (const balances of [copy.wallets, copy.gifts, copy.marketCredits, copy.escrowCredits, copy.panelCredits]) {
      Object.setPrototypeOf(balances, Balances.prototype);
    }
    return copy;
  }

  organisation(account: string): number {
    return this.organisationOf.get(account) ?? 0;
  }

  isActive(account: string): boolean {
    const organisation = this.organisation(account);
    if (organisation === 0 || this.delistedMembers.has(account)) return false;
    return !this.delistedOrganisations.has(organisation);
  }

  /** Moves credits; nobody in these tests is ever short of them unless a rule was broken. */
  move(from: string, to: string, amount: number): void {
    this.wallets.add(from, -amount);
    this.wallets.add(to, amount);
  }

  burn(from: string, amount: number): void {
    this.wallets.add(from, -amount);
    this.burned += amount;
  }

  holds(agent: AgentModel, capability: string, level: number): boolean {
    const held = agent.capabilities.get(capability);
    if (held === undefined || held.generation !== agent.generation) return false;
    // What an attester attested counts while its stake does.
    const stake = this.attesters.get(this.attester)?.bonded ?? 0;
    if (stake < this.figures.attesterMinStake) return false;
    return this.now < held.validUntil && held.level >= level;
  }
}
