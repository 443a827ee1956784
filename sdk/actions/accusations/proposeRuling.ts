import type { AllotCore } from "../../clients/context.ts";
import type { WriteParameters } from "../../transactions/sendTransaction.ts";
import { type ProposeCallResult, proposeCall } from "../governance/proposeCall.ts";
import { type AccusationRuling, accusationRulings } from "./accusation.ts";

export interface ProposeRulingParameters extends WriteParameters {
  readonly accusationId: bigint;
  readonly ruling: Exclude<AccusationRuling, "none">;
}

/**
 * Proposes how an accusation of a false capability is decided; by an operator. It must be executed by the accusation's
 * deadline, so the time lock's delay has to pass before.
 *
 * Throws as `proposeCall`. Executing it throws `RevertedError`: `FalseCapabilityNotDeciding`, `FalseCapabilityDecided`,
 * `FalseCapabilityRemoved`.
 * @example
 * ```ts
 * const { proposalId } = await proposeRuling(client, { accusationId: 3n, ruling: "agentAtFault" });
 * ```
 */
export function proposeRuling(client: AllotCore, parameters: ProposeRulingParameters): Promise<ProposeCallResult> {
  const { accusationId, ruling, gas } = parameters;
  const args = [accusationId, accusationRulings.indexOf(ruling)];
  return proposeCall(client, { contract: "falseCapability", functionName: "decide", args, gas });
}
