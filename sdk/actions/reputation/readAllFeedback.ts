import type { Address } from "viem";
import { readContract } from "viem/actions";
import { InvariantError } from "../../../node/types/errors.ts";
import { reputationRegistryAbi } from "../../abis/reputationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import type { Feedback } from "./readFeedback.ts";

export interface ReadAllFeedbackParameters {
  readonly agentId: bigint;
  /** Whose feedback; every client's unless given. */
  readonly clients?: readonly Address[];
  readonly tag1?: string;
  readonly tag2?: string;
  /** False unless given. */
  readonly includeRevoked?: boolean;
}

/**
 * Reads what clients said of an agent, filtered. Throws `RevertedError` (`ReputationReadTooLong`) where that is more than
 * one call reads.
 * @example
 * ```ts
 * const feedback = await readAllFeedback(client, { agentId: 7n, tag1: "starred" });
 * ```
 */
export async function readAllFeedback(
  client: AllotCore,
  parameters: ReadAllFeedbackParameters,
): Promise<readonly Feedback[]> {
  const { agentId, clients = [], tag1 = "", tag2 = "", includeRevoked = false } = parameters;
  const registry = { address: client.allot.rules.reputationRegistry, abi: reputationRegistryAbi } as const;
  const args = [agentId, clients, tag1, tag2, includeRevoked] as const;
  const call = readContract(client, { ...registry, functionName: "readAllFeedback", args });
  const [authors, indexes, values, decimals, tag1s, tag2s, revoked] = await callRules(call);
  return authors.map((author, i) => ({
    agentId,
    client: author,
    feedbackIndex: at(indexes, i),
    value: at(values, i),
    valueDecimals: at(decimals, i),
    tag1: at(tag1s, i),
    tag2: at(tag2s, i),
    revoked: at(revoked, i),
  }));
}

/** The contract's lists have one length. */
function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value !== undefined) return value;
  throw new InvariantError("UNEVEN_LISTS", { index }, "the reputation registry answered with lists of several lengths");
}
