import { readContract } from "viem/actions";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** An evaluating agent that may be drawn; one per organisation. */
export interface PanelMember {
  readonly agentId: bigint;
  readonly organisation: number;
  /** Second of block time: it is drawn for tasks posted later only. */
  readonly joinedAt: number;
}

/**
 * Reads who is on the panel, in no order that means anything. One that became unfit stays listed, and is not drawn.
 * @example
 * ```ts
 * const members = await getPanelMembers(client);
 * ```
 */
export function getPanelMembers(client: AllotCore): Promise<readonly PanelMember[]> {
  const panel = { address: client.allot.rules.disputePanel, abi: disputePanelAbi } as const;
  return callRules(readContract(client, { ...panel, functionName: "members" }));
}
