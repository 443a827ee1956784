import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { jobEscrowAbi } from "../../abis/jobEscrow.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type JobStatus, jobStatuses, wordFor } from "./taskStatus.ts";

/** A job of the escrow (ERC-8183). */
export interface Job {
  readonly jobId: bigint;
  readonly status: JobStatus;
  readonly provider: Address;
  /** In units of 10⁻⁶ credit. */
  readonly budget: bigint;
  readonly expiredAt: bigint;
  /** Second of block time; undefined while nothing has been submitted. */
  readonly submittedAt: bigint | undefined;
  /** What was submitted; undefined while nothing has been. */
  readonly deliverable: Hex | undefined;
}

/**
 * Reads a job. Throws `RevertedError` (`JobEscrowUnknownJob`) for an id that was never given.
 * @example
 * ```ts
 * const { deliverable } = await getJob(client, { jobId });
 * ```
 */
export async function getJob(client: AllotCore, { jobId }: { readonly jobId: bigint }): Promise<Job> {
  const escrow = { address: client.allot.rules.jobEscrow, abi: jobEscrowAbi } as const;
  const job = await callRules(readContract(client, { ...escrow, functionName: "getJob", args: [jobId] }));
  const submitted = job.submittedAt !== 0n;
  return {
    jobId,
    status: wordFor(jobStatuses, job.status),
    provider: job.provider,
    budget: job.budget,
    expiredAt: job.expiredAt,
    submittedAt: submitted ? job.submittedAt : undefined,
    deliverable: submitted ? job.deliverable : undefined,
  };
}
