import { encodeFunctionData } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RemoveLapsedMemberParameters extends WriteParameters {
  /** Organisation whose agent can be drawn no longer. */
  readonly organisation: number;
}

/**
 * Takes an agent off the panel that could not be drawn now: suspended, delisted, short of stake, or without the
 * capability. Anyone may call it. Throws `RevertedError`: `DisputePanelStillFit`, `DisputePanelNotMember`.
 * @example
 * ```ts
 * await removeLapsedMember(client, { organisation: 7 });
 * ```
 */
export function removeLapsedMember(client: AllotCore, parameters: RemoveLapsedMemberParameters): Promise<WriteResult> {
  const { organisation, gas } = parameters;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "removeLapsed", args: [organisation] });
  return sendTransaction(client, { to: client.allot.rules.disputePanel, data, gas });
}
