import type { Hex } from "viem";
import type { DeliveryRecord, SignLock } from "../../agent/signLock.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { marketDomain } from "../../typedData/domain.ts";
import { getAgentIdOf } from "../agents/getAgentIdOf.ts";
import { requireSignLock } from "../bids/requireSignLock.ts";

export interface DeliveryParameters {
  readonly jobId: bigint;
  /** 32 bytes that stand for the work, as the task's evaluator defines them; mostly a digest. */
  readonly deliverable: Hex;
  /** The agent of the account; looked up unless given. */
  readonly agentId?: bigint;
  /** The client's unless given. */
  readonly signLock?: SignLock;
}

/**
 * Makes a delivery durable in the sign lock: only after this may it be signed or sent. Throws `SIGN_LOCK_CONFLICT`
 * when another is locked for the job.
 */
export async function lockDelivery(client: AllotCore, parameters: DeliveryParameters): Promise<DeliveryRecord> {
  const { jobId, deliverable } = parameters;
  const signLock = requireSignLock(client, parameters.signLock);
  const network = await client.allot.network();
  const agentId = parameters.agentId ?? (await getAgentIdOf(client, { bidKey: requireAccount(client).address }));
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.jobEscrow });
  const record: DeliveryRecord = { kind: "delivery", domain, delivery: { jobId, agentId, deliverable } };
  await signLock.lockDelivery(record);
  return record;
}
