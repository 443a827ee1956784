import { type Address, encodeEventTopics, type Hex, parseEventLogs } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type Ruling, rulings } from "../disputes/dispute.ts";
import { wordFor } from "../tasks/taskStatus.ts";
import { followLogs, type Unwatch, type WatchParameters } from "./followLogs.ts";

interface OfUnit {
  readonly taskId: bigint;
  readonly unit: number;
  readonly blockNumber: bigint;
}

/** What happens in a dispute. Amounts in units of 10⁻⁶ credit, times in seconds of block time. */
export type DisputeEvent = OfUnit &
  (
    | {
        readonly kind: "objection";
        readonly objector: Address;
        readonly bond: bigint;
        readonly voteDeadline: number;
        readonly revealDeadline: number;
        readonly reason: Hex;
      }
    | { readonly kind: "seat"; readonly voter: Address; readonly agentId: bigint; readonly weight: number }
    | { readonly kind: "sealed"; readonly voter: Address }
    | { readonly kind: "opened"; readonly voter: Address; readonly uphold: boolean; readonly weight: number }
    | {
        readonly kind: "concluded";
        readonly ruling: Ruling;
        readonly returned: bigint;
        readonly paid: bigint;
        readonly burned: bigint;
      }
  );

export interface WatchDisputesParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onDispute: (event: DisputeEvent) => void | Promise<void>;
}

const eventNames = ["ObjectionMade", "SeatDrawn", "VoteCommitted", "VoteRevealed", "DisputeConcluded"] as const;

/**
 * Calls back for each objection, each seat drawn for it, each vote sealed and opened, and each bond shared out, once
 * and in order.
 * @example
 * ```ts
 * const unwatch = watchDisputes(client, { onDispute: (event) => console.log(event.kind, event.taskId) });
 * ```
 */
export function watchDisputes(client: AllotCore, parameters: WatchDisputesParameters): Unwatch {
  const signatures = eventNames.map((eventName) => encodeEventTopics({ abi: disputePanelAbi, eventName })[0] as Hex);
  return followLogs(client, {
    ...parameters,
    address: client.allot.rules.disputePanel,
    topics: [signatures],
    async onLog(log) {
      for (const event of parseEventLogs({ abi: disputePanelAbi, logs: [log], eventName: [...eventNames] })) {
        const of = { taskId: event.args.taskId, unit: Number(event.args.unit), blockNumber: event.blockNumber };
        await parameters.onDispute({ ...of, ...happeningOf(event) });
      }
    },
  });
}

type PanelEvent = ReturnType<typeof parseEventLogs<typeof disputePanelAbi, true, [...typeof eventNames]>>[number];

function happeningOf(event: PanelEvent) {
  switch (event.eventName) {
    case "ObjectionMade": {
      const { objector, bond, voteDeadline, revealDeadline, reason } = event.args;
      return { kind: "objection", objector, bond, voteDeadline, revealDeadline, reason } as const;
    }
    case "SeatDrawn": {
      const { voter, agentId, weight } = event.args;
      return { kind: "seat", voter, agentId, weight } as const;
    }
    case "VoteCommitted":
      return { kind: "sealed", voter: event.args.voter } as const;
    case "VoteRevealed": {
      const { voter, uphold, weight } = event.args;
      return { kind: "opened", voter, uphold, weight } as const;
    }
    case "DisputeConcluded": {
      const { ruling, returned, paid, burned } = event.args;
      return { kind: "concluded", ruling: wordFor(rulings, ruling), returned, paid, burned } as const;
    }
  }
}
