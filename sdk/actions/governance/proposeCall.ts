import { type Address, encodeFunctionData, type Hex, parseEventLogs } from "viem";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type QueuedCall, queuedCallOf } from "./queuedCall.ts";
import { encodeRuleCall, type GovernedContract } from "./ruleCall.ts";

/** A call of a rule contract by name, or any contract's by address and calldata. */
export type ProposeCallParameters = WriteParameters &
  (
    | { readonly contract: GovernedContract; readonly functionName: string; readonly args?: readonly unknown[] }
    | { readonly target: Address; readonly data: Hex }
  );

export interface ProposeCallResult extends WriteResult {
  readonly proposalId: bigint;
  /** Undefined while others have to approve; with a quorum of one the proposal is queued at once. */
  readonly queued: QueuedCall | undefined;
}

/**
 * Proposes a call that only the operators' quorum may make, and approves it; by an operator. Once a quorum approves it
 * the call is queued, and after the time lock's delay anyone executes it.
 *
 * Throws `ClientError` (`CALL_INVALID`) for a function that the contract does not have, `RevertedError`
 * (`OperatorsUnauthorized`, `OperatorsInvalidTarget`).
 * @example
 * ```ts
 * const { proposalId } = await proposeCall(client, {
 *   contract: "permissions",
 *   functionName: "addMembers",
 *   args: [3, ["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]],
 * });
 * ```
 */
export async function proposeCall(client: AllotCore, parameters: ProposeCallParameters): Promise<ProposeCallResult> {
  const { rules } = client.allot;
  const call =
    "target" in parameters
      ? { target: parameters.target, data: parameters.data }
      : encodeRuleCall(rules, { args: [], ...parameters });
  const data = encodeFunctionData({ abi: operatorsAbi, functionName: "propose", args: [call.target, call.data] });
  const result = await sendTransaction(client, { to: rules.operators, data, gas: parameters.gas });
  const events = parseEventLogs({ abi: operatorsAbi, logs: result.receipt.logs, eventName: "CallProposed" });
  const { proposalId } = requireEvent(events, "CallProposed").args;
  return { ...result, proposalId, queued: queuedCallOf(result.receipt) };
}
