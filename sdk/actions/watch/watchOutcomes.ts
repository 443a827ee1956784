import { type Address, encodeEventTopics, type Hex, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { followLogs, type Unwatch, type WatchParameters } from "./followLogs.ts";

interface OfUnit {
  readonly taskId: bigint;
  readonly unit: number;
  readonly blockNumber: bigint;
}

/** What happens to a unit after its assignment. Amounts in units of 10⁻⁶ credit. */
export type Outcome = OfUnit &
  (
    | { readonly kind: "paid"; readonly provider: Address; readonly price: bigint; readonly refunded: bigint }
    | { readonly kind: "refunded"; readonly amount: bigint }
    /** The evaluator judged the delivery. Where the task has a dispute window, that is not the end of it. */
    | { readonly kind: "verdict"; readonly accepted: boolean; readonly reason: Hex; readonly evaluator: Address }
    /** The agent delivered nothing in time and lost `taken` of its stake. */
    | { readonly kind: "no-show"; readonly agentId: bigint; readonly faultId: Hex; readonly taken: bigint }
    /** Ranked losers are asked in turn to take it over. */
    | { readonly kind: "offered"; readonly round: number }
  );

export interface WatchOutcomesParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onOutcome: (outcome: Outcome) => void | Promise<void>;
}

const eventNames = ["UnitPaid", "UnitRefunded", "NoShowRecorded", "UnitOffered", "VerdictGiven"] as const;

/**
 * Calls back for each verdict, payment, refund, no-show and offer, once and in order.
 * @example
 * ```ts
 * const unwatch = watchOutcomes(client, { onOutcome: (outcome) => console.log(outcome.kind, outcome.taskId) });
 * ```
 */
export function watchOutcomes(client: AllotCore, parameters: WatchOutcomesParameters): Unwatch {
  const signatures = eventNames.map((eventName) => encodeEventTopics({ abi: taskMarketAbi, eventName })[0] as Hex);
  return followLogs(client, {
    ...parameters,
    address: client.allot.rules.taskMarket,
    topics: [signatures],
    async onLog(log) {
      for (const event of parseEventLogs({ abi: taskMarketAbi, logs: [log], eventName: [...eventNames] })) {
        const of = { taskId: event.args.taskId, unit: Number(event.args.unit), blockNumber: event.blockNumber };
        await parameters.onOutcome({ ...of, ...outcomeOf(event) });
      }
    },
  });
}

type OutcomeEvent = ReturnType<typeof parseEventLogs<typeof taskMarketAbi, true, [...typeof eventNames]>>[number];

function outcomeOf(event: OutcomeEvent) {
  switch (event.eventName) {
    case "UnitPaid": {
      const { provider, price, refunded } = event.args;
      return { kind: "paid", provider, price, refunded } as const;
    }
    case "UnitRefunded":
      return { kind: "refunded", amount: event.args.amount } as const;
    case "NoShowRecorded": {
      const { agentId, faultId, taken } = event.args;
      return { kind: "no-show", agentId, faultId, taken } as const;
    }
    case "VerdictGiven": {
      const { accepted, reason, evaluator } = event.args;
      return { kind: "verdict", accepted, reason, evaluator } as const;
    }
    case "UnitOffered":
      return { kind: "offered", round: event.args.round } as const;
  }
}
