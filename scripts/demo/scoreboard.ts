// What happened in the market, told as it happens and judged at the end, from the chain's events alone.
import { type Address, decodeEventLog, type Hex } from "viem";
import { agentLedgerAbi } from "../../sdk/abis/agentLedger.ts";
import { sealedBidTenderAbi } from "../../sdk/abis/sealedBidTender.ts";
import { taskMarketAbi } from "../../sdk/abis/taskMarket.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { FollowedBlock } from "./follow.ts";
import { inCredits } from "./inCredits.ts";
import { specificationOf, type TaskSpecification } from "./specification.ts";

export interface TaskRecord {
  readonly taskId: bigint;
  readonly tenderId: Hex;
  readonly requester: Address;
  readonly specification: TaskSpecification;
  readonly reserve: bigint;
  bids: number;
  reveals: number;
  assignments: number;
  noShows: number;
  outcome: "open" | "assigned" | "offered" | "paid" | "refunded";
  provider: Address | undefined;
  price: bigint;
}

export interface Slash {
  readonly agentId: bigint;
  readonly reason: "bid equivocation" | "no-show";
  readonly amount: bigint;
}

export interface AssignmentNews {
  readonly taskId: bigint;
  readonly unit: bigint;
  readonly provider: Address;
  readonly price: bigint;
  readonly height: number;
}

export interface Scoreboard {
  readonly tasks: ReadonlyMap<bigint, TaskRecord>;
  readonly slashes: readonly Slash[];
  /** Stake locks burned because a bid was not revealed. */
  readonly burnedLocks: readonly { readonly agentId: bigint; readonly amount: bigint }[];
  /** Commitments by bid key, in lower case. */
  readonly commitments: ReadonlyMap<string, number>;
  /** Agent ids by the names of their bid keys' holders. */
  readonly agentNames: ReadonlyMap<bigint, string>;
  take(block: FollowedBlock): void;
}

export interface ScoreboardOptions {
  /** Name of an address; the address itself when it is nobody's. */
  readonly nameOf: (address: Address) => string;
  readonly say: (text: string) => void;
  readonly onAssigned: (news: AssignmentNews) => void;
}

/** Every event that tells something about the market; the addresses keep contracts apart. */
const abi = [...taskMarketAbi, ...agentLedgerAbi, ...sealedBidTenderAbi] as const;
const sources = new Set(
  [ruleAddresses.taskMarket, ruleAddresses.agentLedger, ruleAddresses.sealedBidTender].map((one) => one.toLowerCase()),
);

const decode = ({ data, topics }: FollowedBlock["logs"][number]) => decodeEventLog({ abi, data, topics });

export function createScoreboard({ nameOf, say, onAssigned }: ScoreboardOptions): Scoreboard {
  const tasks = new Map<bigint, TaskRecord>();
  const byTender = new Map<Hex, TaskRecord>();
  const slashes: Slash[] = [];
  const burnedLocks: { agentId: bigint; amount: bigint }[] = [];
  const agentNames = new Map<bigint, string>();
  const commitments = new Map<string, number>();
  const agentName = (agentId: bigint): string => agentNames.get(agentId) ?? `agent ${agentId}`;
  const label = (task: TaskRecord): string => `task ${String(task.taskId).padStart(2)}`;

  const assigned = (task: TaskRecord | undefined, round: number, news: AssignmentNews): void => {
    if (task === undefined) return;
    const { provider, price } = news;
    Object.assign(task, { outcome: "assigned", provider, price, assignments: task.assignments + 1 });
    const how = round > 0 ? "reassigned" : `${task.reveals} of ${task.bids} bids revealed, awarded`;
    say(`${label(task)}  ${how} to ${nameOf(provider)} for ${inCredits(price)} credits`);
    onAssigned(news);
  };
  const ended = (task: TaskRecord | undefined, outcome: TaskRecord["outcome"], text: string): void => {
    if (task === undefined) return;
    task.outcome = outcome;
    if (text !== "") say(`${label(task)}  ${text}`);
  };
  const slashed = (agentId: bigint, reason: Slash["reason"], amount: bigint, text: string): void => {
    slashes.push({ agentId, reason, amount });
    say(`${text}: slashed ${inCredits(amount)} credits`);
  };

  const tell = (event: ReturnType<typeof decode>, block: FollowedBlock): void => {
    switch (event.eventName) {
      case "BidKeySet":
        agentNames.set(event.args.agentId, nameOf(event.args.key));
        return;
      case "TaskPosted": {
        const { taskId, tenderId, requester, reserve, uri } = event.args;
        const specification = specificationOf(uri);
        const record: TaskRecord = {
          ...{ taskId, tenderId, requester, specification, reserve },
          ...{ bids: 0, reveals: 0, assignments: 0, noShows: 0, outcome: "open", provider: undefined, price: 0n },
        };
        tasks.set(taskId, record);
        byTender.set(tenderId, record);
        const { kind, file } = specification;
        say(
          `${label(record)}  posted by ${nameOf(requester)}: ${kind} of ${file}, at most ${inCredits(reserve)} credits`,
        );
        return;
      }
      case "BidCommitted": {
        const task = byTender.get(event.args.tenderId);
        const bidder = event.args.bidder.toLowerCase();
        commitments.set(bidder, (commitments.get(bidder) ?? 0) + 1);
        if (task !== undefined) task.bids++;
        return;
      }
      case "BidRevealed": {
        const task = byTender.get(event.args.tenderId);
        if (task !== undefined) task.reveals++;
        return;
      }
      case "UnitAssigned": {
        const { taskId, unit, provider, price, round } = event.args;
        assigned(tasks.get(taskId), round, { taskId, unit, provider, price, height: block.number });
        return;
      }
      case "VerdictGiven": {
        const task = tasks.get(event.args.taskId);
        if (task !== undefined) say(`${label(task)}  delivered and ${event.args.accepted ? "accepted" : "REJECTED"}`);
        return;
      }
      case "NoShowRecorded": {
        const task = tasks.get(event.args.taskId);
        const { agentId, taken } = event.args;
        if (task === undefined) return;
        task.noShows++;
        slashed(agentId, "no-show", taken, `${label(task)}  ${agentName(agentId)} delivered nothing`);
        return;
      }
      case "UnitOffered":
        ended(tasks.get(event.args.taskId), "offered", "");
        return;
      case "UnitPaid": {
        const { taskId, provider, price } = event.args;
        ended(tasks.get(taskId), "paid", `${nameOf(provider)} is paid ${inCredits(price)} credits`);
        return;
      }
      case "UnitRefunded":
        ended(tasks.get(event.args.taskId), "refunded", "nobody did it: the requester gets the reserve back");
        return;
      case "LockBurned": {
        const { agentId, amount } = event.args;
        burnedLocks.push({ agentId, amount });
        say(`         ${agentName(agentId)} did not reveal a bid: ${inCredits(amount)} credits burned`);
        return;
      }
      case "AgentSlashed": {
        const { agentId, module, amount } = event.args;
        // A no-show is told with its task.
        if (module.toLowerCase() === ruleAddresses.taskMarket.toLowerCase()) return;
        slashed(agentId, "bid equivocation", amount, `         ${agentName(agentId)} made two bids for one tender`);
        return;
      }
      case "AgentSuspended":
        say(`         ${agentName(event.args.agentId)} is suspended`);
        return;
      default:
    }
  };

  return {
    tasks,
    slashes,
    burnedLocks,
    commitments,
    agentNames,
    take(block) {
      for (const log of block.logs) if (sources.has(log.address.toLowerCase())) tell(decode(log), block);
    },
  };
}
