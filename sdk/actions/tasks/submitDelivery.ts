import { encodeFunctionData } from "viem";
import { jobEscrowAbi } from "../../abis/jobEscrow.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type DeliveryParameters, lockDelivery } from "./lockDelivery.ts";

export interface SubmitDeliveryParameters extends DeliveryParameters, WriteParameters {}

/**
 * Delivers a job's work, from the agent's bid key. There is one delivery per job: the sign lock holds it before it is
 * sent, and refuses another (`SIGN_LOCK_CONFLICT`).
 * @example
 * ```ts
 * await submitDelivery(client, { jobId, deliverable: sha256(result) });
 * ```
 */
export async function submitDelivery(client: AllotCore, parameters: SubmitDeliveryParameters): Promise<WriteResult> {
  const { jobId, deliverable, gas } = parameters;
  await lockDelivery(client, parameters);
  const data = encodeFunctionData({ abi: jobEscrowAbi, functionName: "submit", args: [jobId, deliverable, "0x"] });
  return sendTransaction(client, { to: client.allot.rules.jobEscrow, data, gas });
}
