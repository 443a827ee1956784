import { type Address, type Hex, hashTypedData, type LocalAccount, recoverTypedDataAddress } from "viem";
import type { MarketDomain } from "./domain.ts";

/** What an agent says it delivers for a job; one per job. */
export interface Delivery {
  readonly jobId: bigint;
  readonly agentId: bigint;
  /** 32 bytes that stand for the work, as the task's evaluator defines them; mostly a digest. */
  readonly deliverable: Hex;
}

export const deliveryTypes = {
  Delivery: [
    { name: "jobId", type: "uint256" },
    { name: "agentId", type: "uint256" },
    { name: "deliverable", type: "bytes32" },
  ],
} as const;

const typedDataOf = (domain: MarketDomain, delivery: Delivery) =>
  ({ domain, types: deliveryTypes, primaryType: "Delivery", message: delivery }) as const;

/** EIP-712 digest of a delivery. */
export function hashDelivery(domain: MarketDomain, delivery: Delivery): Hex {
  return hashTypedData(typedDataOf(domain, delivery));
}

/** Signs a delivery, whatever has been signed before: see `signBidStatement`. */
export function signDeliveryStatement(account: LocalAccount, domain: MarketDomain, delivery: Delivery): Promise<Hex> {
  return account.signTypedData(typedDataOf(domain, delivery));
}

export function recoverDeliverySigner(domain: MarketDomain, delivery: Delivery, signature: Hex): Promise<Address> {
  return recoverTypedDataAddress({ ...typedDataOf(domain, delivery), signature });
}
