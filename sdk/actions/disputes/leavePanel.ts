import { encodeFunctionData } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

/**
 * Takes the account's agent off the panel, by its bid key. Seats that it was drawn for stay its own. Throws
 * `RevertedError` (`DisputePanelNotMember`).
 * @example
 * ```ts
 * await leavePanel(client);
 * ```
 */
export function leavePanel(client: AllotCore, { gas }: WriteParameters = {}): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "leavePanel" });
  return sendTransaction(client, { to: client.allot.rules.disputePanel, data, gas });
}
