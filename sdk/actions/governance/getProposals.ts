import { readContract } from "viem/actions";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { getProposal, type Proposal } from "./getProposal.ts";

/** Most proposals that one call of `getProposals` reads. */
export const proposalsPerReadMax = 100;

export interface GetProposalsParameters {
  /** The newest so many, 1 to 100; 20 unless given. */
  readonly limit?: number;
  /** Only older ones than this, to read on. */
  readonly before?: bigint;
}

/**
 * Reads proposals, the newest first.
 * @example
 * ```ts
 * const ready = (await getProposals(client)).filter(({ status }) => status === "ready");
 * ```
 */
export async function getProposals(
  client: AllotCore,
  { limit = 20, before }: GetProposalsParameters = {},
): Promise<readonly Proposal[]> {
  const operators = { address: client.allot.rules.operators, abi: operatorsAbi } as const;
  const count = await callRules(readContract(client, { ...operators, functionName: "proposalCount" }));
  const end = before !== undefined && before < count ? before : count;
  const wanted = BigInt(Math.max(1, Math.min(limit, proposalsPerReadMax)));
  const size = Number(end < wanted ? end : wanted);
  return await Promise.all(
    Array.from({ length: size }, (_, index) => getProposal(client, { proposalId: end - 1n - BigInt(index) })),
  );
}
