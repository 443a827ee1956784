import { encodeEventTopics, type Hex, parseEventLogs } from "viem";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { followLogs, type Unwatch, type WatchParameters } from "./followLogs.ts";

export interface Slashing {
  readonly agentId: bigint;
  readonly faultId: Hex;
  /** Taken from the stake, in units of 10⁻⁶ credit. */
  readonly amount: bigint;
  /** Contract that judged the evidence. */
  readonly module: Hex;
  readonly blockNumber: bigint;
}

export interface WatchSlashingParameters extends WatchParameters {
  /** Awaited before the next one is handed over. */
  readonly onSlashing: (slashing: Slashing) => void | Promise<void>;
}

/**
 * Calls back for each agent that is slashed, once and in order.
 * @example
 * ```ts
 * const unwatch = watchSlashing(client, { onSlashing: ({ agentId, amount }) => console.log(agentId, amount) });
 * ```
 */
export function watchSlashing(client: AllotCore, parameters: WatchSlashingParameters): Unwatch {
  const topics = encodeEventTopics({ abi: agentLedgerAbi, eventName: "AgentSlashed" });
  return followLogs(client, {
    ...parameters,
    address: client.allot.rules.agentLedger,
    topics: [topics[0]],
    async onLog(log) {
      const events = parseEventLogs({ abi: agentLedgerAbi, logs: [log], eventName: "AgentSlashed" });
      for (const { args, blockNumber } of events) {
        const { agentId, faultId, amount, module } = args;
        await parameters.onSlashing({ agentId, faultId, amount, module, blockNumber });
      }
    },
  });
}
