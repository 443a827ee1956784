import { type Address, encodeFunctionData, type Hex, isAddressEqual } from "viem";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import type { Opening } from "../../typedData/commitment.ts";

export interface RevealBidParameters extends Opening, WriteParameters {
  readonly tenderId: Hex;
  /** Whose bid it is; the client's account unless given. The opening is all that revealing for another needs. */
  readonly bidder?: Address;
}

/**
 * Opens a commitment, after the commit deadline and until the reveal deadline: later, or with another opening, the lock
 * on the agent's stake burns.
 * @example
 * ```ts
 * await revealBid(client, { tenderId, ...opening });
 * ```
 */
export function revealBid(client: AllotCore, parameters: RevealBidParameters): Promise<WriteResult> {
  const { tenderId, amount, salt, gas = gasOf.revealBid } = parameters;
  const own = requireAccount(client).address;
  const { bidder = own } = parameters;
  const data = isAddressEqual(bidder, own)
    ? encodeFunctionData({ abi: sealedBidTenderAbi, functionName: "revealBid", args: [tenderId, amount, salt] })
    : encodeFunctionData({
        abi: sealedBidTenderAbi,
        functionName: "revealBidFor",
        args: [tenderId, bidder, amount, salt],
      });
  return sendTransaction(client, { to: client.allot.rules.sealedBidTender, data, gas });
}
