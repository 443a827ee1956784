import {
  type Abi,
  type Address,
  type Hex,
  isAddressEqual,
  type Log,
  numberToHex,
  parseEventLogs,
  toEventSelector,
} from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import { jobEscrowAbi } from "../../abis/jobEscrow.ts";
import { operatorsAbi } from "../../abis/operators.ts";
import { parametersAbi } from "../../abis/parameters.ts";
import { permissionsAbi } from "../../abis/permissions.ts";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { RuleAddresses } from "../../contracts.ts";
import { ClientError } from "../../errors/clientError.ts";
import { followLogs, handOver, type Unwatch, type WatchParameters } from "./followLogs.ts";

/** What a market's events are about. */
export const marketEventKinds = [
  "task",
  "bid",
  "award",
  "delivery",
  "verdict",
  "payment",
  "dispute",
  "slashing",
  "capability",
  "proposal",
  "rule",
  "member",
  "validator",
  "block",
] as const;
export type MarketEventKind = (typeof marketEventKinds)[number];

/** Something that happened on the market, as the contract's event tells it. */
export interface MarketEvent {
  readonly kind: MarketEventKind;
  /** Name of the event, "UnitAssigned"; "Block" for a block. */
  readonly event: string;
  /** The event's arguments by name: amounts in units of 10⁻⁶ credit, times in seconds. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly blockNumber: bigint;
  /** Undefined for a block. */
  readonly transactionHash: Hex | undefined;
}

export interface WatchMarketParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onEvent: (event: MarketEvent) => void | Promise<void>;
  /** Only these; every kind unless given. */
  readonly kinds?: readonly MarketEventKind[];
}

interface Source {
  readonly contract: keyof RuleAddresses;
  readonly abi: Abi;
  /** Events by kind. What another event of the list says already is left out. */
  readonly events: Readonly<Partial<Record<MarketEventKind, readonly string[]>>>;
}

const sources: readonly Source[] = [
  {
    contract: "taskMarket",
    abi: taskMarketAbi,
    events: {
      task: ["TaskPosted", "TaskCancelled", "TaskSettled", "TaskClosed"],
      award: ["UnitAssigned", "UnitOffered"],
      verdict: ["VerdictGiven"],
      payment: ["UnitPaid", "UnitRefunded", "Withdrawn"],
      slashing: ["NoShowRecorded"],
    },
  },
  {
    contract: "sealedBidTender",
    abi: sealedBidTenderAbi,
    events: { bid: ["BidCommitted", "BidRevealed", "BidSlashed"] },
  },
  { contract: "jobEscrow", abi: jobEscrowAbi, events: { delivery: ["JobSubmitted"] } },
  {
    contract: "disputePanel",
    abi: disputePanelAbi,
    events: { dispute: ["ObjectionMade", "SeatDrawn", "VoteCommitted", "VoteRevealed", "DisputeConcluded"] },
  },
  {
    contract: "agentLedger",
    abi: agentLedgerAbi,
    events: {
      slashing: ["AgentSlashed", "AgentSuspended", "AgentReinstated", "RewardCredited", "RewardBurned"],
      capability: ["CapabilityCached", "CapabilityCleared", "CapabilityRemoved", "AttesterStandingSet"],
      member: ["AgentEnrolled"],
      rule: ["MarketPaused", "MarketResumed"],
    },
  },
  {
    contract: "attesterRegistry",
    abi: attesterRegistryAbi,
    events: {
      slashing: ["StakeSlashed", "StakeSuspended", "StakeReinstated", "RewardCredited", "RewardBurned"],
      member: ["AttesterListed", "AttesterDelisted"],
    },
  },
  {
    contract: "validatorRegistry",
    abi: validatorRegistryAbi,
    events: {
      slashing: ["StakeSlashed", "StakeSuspended", "RewardCredited", "RewardBurned"],
      validator: [
        "ValidatorAdded",
        "ValidatorJoined",
        "ValidatorLeft",
        "ValidatorKeyRotated",
        "ValidatorAddressesChanged",
        "ValidatorEvictionDeferred",
      ],
    },
  },
  {
    contract: "falseCapability",
    abi: falseCapabilityAbi,
    events: {
      slashing: [
        "AccusationMade",
        "AccuserJoined",
        "AccusationPutToOperators",
        "AccusationDecided",
        "AccusationLapsed",
      ],
    },
  },
  {
    contract: "operators",
    abi: operatorsAbi,
    events: {
      proposal: ["CallProposed", "CallApproved", "CallQueued", "CallExecuted", "CallCancelled", "ApprovalWithdrawn"],
      member: ["OperatorAdded", "OperatorRemoved", "QuorumChanged"],
    },
  },
  { contract: "parameters", abi: parametersAbi, events: { rule: ["ParameterChanged"] } },
  {
    contract: "permissions",
    abi: permissionsAbi,
    events: {
      member: [
        "OrganisationAdded",
        "OrganisationDelisted",
        "OrganisationRelisted",
        "MemberAdded",
        "MemberDelisted",
        "MemberRelisted",
      ],
    },
  },
];

interface Followed {
  readonly kind: MarketEventKind;
  readonly address: Address;
  readonly abi: Abi;
  readonly topic: Hex;
}

function followedEvents(rules: RuleAddresses, kinds: readonly MarketEventKind[]): readonly Followed[] {
  return sources.flatMap(({ contract, abi, events }) =>
    Object.entries(events).flatMap(([kind, names]) => {
      if (!kinds.includes(kind as MarketEventKind)) return [];
      return names.map((name): Followed => {
        const found = abi.find((item) => item.type === "event" && item.name === name);
        if (found?.type !== "event") {
          throw new ClientError("EVENT_MISSING", "The contract has no such event.", {
            facts: { contract, event: name },
          });
        }
        const own = kind as MarketEventKind;
        return { kind: own, address: rules[contract], abi: [found], topic: toEventSelector(found) };
      });
    }),
  );
}

/**
 * Calls back for everything that happens on the market, once and in the order of the chain: events of all rule contracts,
 * and each block after what happened in it.
 * @example
 * ```ts
 * const unwatch = watchMarket(client, { onEvent: ({ kind, event, facts }) => console.log(kind, event, facts) });
 * ```
 */
export function watchMarket(client: AllotCore, parameters: WatchMarketParameters): Unwatch {
  const { onEvent, kinds = marketEventKinds } = parameters;
  const followed = followedEvents(client.allot.rules, kinds);
  const withBlocks = kinds.includes("block");
  /** Blocks handed over wholly, and how many of the next one's events: a stretch that failed midway comes again. */
  let doneTo = -1n;
  let doneEvents = 0;

  const handBlock = async (height: bigint, events: readonly MarketEvent[]): Promise<void> => {
    for (const event of events.slice(doneEvents)) {
      await handOver(height, () => onEvent(event));
      doneEvents++;
    }
    if (withBlocks) {
      const block = await blockEvent(client, height);
      await handOver(height, () => onEvent(block));
    }
    doneTo = height;
    doneEvents = 0;
  };

  return followLogs(client, {
    ...parameters,
    address: [...new Set(followed.map(({ address }) => address))],
    topics: [[...new Set(followed.map(({ topic }) => topic))]],
    async onLogs(logs, toBlock, fromBlock) {
      const events = logs.flatMap((log) => marketEventsOf(followed, log));
      const heights = withBlocks
        ? Array.from({ length: Number(toBlock - fromBlock + 1n) }, (_, i) => fromBlock + BigInt(i))
        : [...new Set(events.map(({ blockNumber }) => blockNumber))];
      for (const height of heights) {
        if (height <= doneTo) continue;
        await handBlock(
          height,
          events.filter(({ blockNumber }) => blockNumber === height),
        );
      }
    },
  });
}

/** None for an event that another contract shares the name and arguments of. */
function marketEventsOf(followed: readonly Followed[], log: Log<bigint, number, false>): readonly MarketEvent[] {
  const source = followed.find(({ address, topic }) => topic === log.topics[0] && isAddressEqual(address, log.address));
  if (source === undefined) return [];
  const { blockNumber, transactionHash } = log;
  return parseEventLogs({ abi: source.abi, logs: [log] }).map((parsed) => {
    // An event without arguments has none, not even an empty object.
    const { eventName, args = {} } = parsed as unknown as {
      eventName: string;
      args?: Readonly<Record<string, unknown>>;
    };
    return { kind: source.kind, event: eventName, facts: args, blockNumber, transactionHash };
  });
}

async function blockEvent(client: AllotCore, height: bigint): Promise<MarketEvent> {
  const block = await client.request({ method: "eth_getBlockByNumber", params: [numberToHex(height), false] });
  if (block === null)
    throw new ClientError("NOT_FOUND", "The node does not have this block yet.", { facts: { height } });
  const { hash, stateRoot, timestamp, transactions } = block;
  const facts = { hash, stateRoot, timestamp: BigInt(timestamp), transactions: transactions.length };
  return { kind: "block", event: "Block", facts, blockNumber: height, transactionHash: undefined };
}
