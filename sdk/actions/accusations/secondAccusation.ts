import { encodeFunctionData, type Hex, parseEventLogs, zeroHash } from "viem";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface SecondAccusationParameters extends WriteParameters {
  readonly accusationId: bigint;
  /** Hash of whatever was found, for the operators to ask for. */
  readonly report?: Hex;
}

export interface SecondAccusationResult extends WriteResult {
  /** Last second for the operators to decide, if this was the last accuser needed; undefined while more are. */
  readonly decisionDeadline: bigint | undefined;
}

/**
 * Stands behind an accusation of a false capability, under the conditions and at the risk of `accuseFalseCapability`; by an
 * attester of an organisation that does not yet. The last one that is needed puts it to the operators.
 *
 * Throws `RevertedError`: `FalseCapabilityNotGathering`, `FalseCapabilityOrganisationIn`, `FalseCapabilityInvolved`,
 * `FalseCapabilityNoAttester`, `BondStakeShort`, `FalseCapabilityDecided`.
 * @example
 * ```ts
 * const { decisionDeadline } = await secondAccusation(client, { accusationId: 3n });
 * ```
 */
export async function secondAccusation(
  client: AllotCore,
  parameters: SecondAccusationParameters,
): Promise<SecondAccusationResult> {
  const { accusationId, report = zeroHash, gas } = parameters;
  const args = [accusationId, report] as const;
  const data = encodeFunctionData({ abi: falseCapabilityAbi, functionName: "second", args });
  const result = await sendTransaction(client, { to: client.allot.rules.falseCapability, data, gas });
  const { logs } = result.receipt;
  const [put] = parseEventLogs({ abi: falseCapabilityAbi, logs, eventName: "AccusationPutToOperators" });
  return { ...result, decisionDeadline: put?.args.deadline };
}
