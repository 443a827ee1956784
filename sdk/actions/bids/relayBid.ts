import { encodeFunctionData } from "viem";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import type { SignedBid } from "./signBid.ts";

export interface RelayBidParameters extends SignedBid, WriteParameters {}

/**
 * Commits a bid that its author signed. Any account may; what it locks is the author's.
 * @example
 * ```ts
 * await relayBid(relayClient, { bid, signature });
 * ```
 */
export function relayBid(client: AllotCore, parameters: RelayBidParameters): Promise<WriteResult> {
  const { bid, signature, gas } = parameters;
  const data = encodeFunctionData({ abi: sealedBidTenderAbi, functionName: "commitBidFor", args: [bid, signature] });
  return sendTransaction(client, { to: client.allot.rules.sealedBidTender, data, gas });
}
