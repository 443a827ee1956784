import { encodeFunctionData } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

/**
 * Offers the account's agent as evaluating agent, by its bid key: it may be drawn for disputes about tasks that are
 * posted later. It must hold the capability `evaluation`, whose level is the weight of its vote; one agent per
 * organisation, the last one to join. Throws `RevertedError`: `DisputePanelUnfit`, `DisputePanelNotBidKey`,
 * `DisputePanelFull`.
 * @example
 * ```ts
 * await joinPanel(client);
 * ```
 */
export function joinPanel(client: AllotCore, { gas }: WriteParameters = {}): Promise<WriteResult> {
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "joinPanel" });
  return sendTransaction(client, { to: client.allot.rules.disputePanel, data, gas });
}
