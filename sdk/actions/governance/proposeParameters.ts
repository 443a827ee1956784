import type { ParameterName } from "../../../contracts/deploy/parameters.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { WriteParameters } from "../../transactions/sendTransaction.ts";
import { type ProposeCallResult, proposeCall } from "./proposeCall.ts";

export interface ProposeParametersParameters extends WriteParameters {
  /** New values by name, in the parameters' units (`getParameters` says which); changed together or not at all. */
  readonly changes: Readonly<Partial<Record<ParameterName, bigint>>>;
}

/**
 * Proposes other numbers for the rules; by an operator. What is running keeps what it was begun under.
 *
 * Throws as `proposeCall`. Bounds are checked when the proposal is executed: `RevertedError` (`ParametersOutOfBounds`,
 * `ParametersInconsistent`).
 * @example
 * ```ts
 * const { proposalId } = await proposeParameters(client, { changes: { minStake: 2_000_000_000n } });
 * ```
 */
export async function proposeParameters(
  client: AllotCore,
  { changes, gas }: ProposeParametersParameters,
): Promise<ProposeCallResult> {
  const list = Object.entries(changes).map(([parameter, value]) => ({ parameter, value }));
  return await proposeCall(client, { contract: "parameters", functionName: "set", args: [list], gas });
}
