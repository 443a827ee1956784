import type { Hex } from "viem";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { type Delivery, signDeliveryStatement } from "../../typedData/delivery.ts";
import { marketDomain } from "../../typedData/domain.ts";
import { type DeliveryParameters, lockDelivery } from "./lockDelivery.ts";

/** What an agent says it delivers for a job, for whoever wants to know before it is on chain. */
export interface SignedDelivery {
  readonly delivery: Delivery;
  /** 65 bytes, by the key that the job was awarded to. */
  readonly signature: Hex;
}

/**
 * Signs a delivery, after the sign lock has made it durable. It binds the agent as `submitDelivery` does: throws
 * `SignLockError` with `SIGN_LOCK_CONFLICT` when something else was signed or submitted for the job.
 * @example
 * ```ts
 * const { delivery, signature } = await signDelivery(client, { jobId, deliverable: sha256(result) });
 * ```
 */
export async function signDelivery(client: AllotCore, parameters: DeliveryParameters): Promise<SignedDelivery> {
  const { delivery } = await lockDelivery(client, parameters);
  const network = await client.allot.network();
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.jobEscrow });
  const signature = await signDeliveryStatement(requireAccount(client), domain, delivery);
  return { delivery, signature };
}
