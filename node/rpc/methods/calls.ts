import { callGasMax } from "../../config/limits.ts";
import type { CallRequest } from "../../execution/engine.ts";
import type { Address } from "../../types/brands.ts";
import { hexOf } from "../../types/hex.ts";
import { requireState } from "../blockReference.ts";
import { quantityOf } from "../format.ts";
import { type Method, method, parameter } from "../method.ts";
import { failedCall } from "../revert.ts";
import { invalidParametersCode, RpcError } from "../rpcError.ts";
import { optional, scalar, type ValueOf } from "../schema.ts";
import { block, callRequest, latest } from "../values.ts";

const zeroAddress = "0x0000000000000000000000000000000000000000" as Address;
const noBytes = new Uint8Array(0);

const request = parameter("call", callRequest);
const at = parameter("block", optional(block, latest));
/** Clients send an empty object where they mean none. */
const stateOverrides = parameter(
  "stateOverrides",
  optional(
    scalar("an empty object, since state overrides are not supported", (value) =>
      typeof value === "object" && Object.keys(value as object).length === 0 ? {} : undefined,
    ),
  ),
);

function requestOf(given: ValueOf<typeof callRequest>, gasMax: number): CallRequest {
  const { data, input } = given;
  if (data !== undefined && input !== undefined && Buffer.compare(data, input) !== 0) {
    throw new RpcError(invalidParametersCode, "call.data and call.input differ; send only one of them");
  }
  return {
    from: given.from ?? zeroAddress,
    to: given.to,
    data: input ?? data ?? noBytes,
    value: given.value,
    gasLimit: Math.min(given.gas ?? gasMax, gasMax),
  };
}

export const callMethods: readonly Method[] = [
  method("eth_call", [request, at, stateOverrides], ({ node }, given, reference) =>
    node.callSlots.run(async () => {
      const result = await requireState(node.backend, reference).call(requestOf(given, callGasMax));
      if (!result.success) throw failedCall(result);
      return hexOf(result.returnData);
    }),
  ),
  method("eth_estimateGas", [request, at, stateOverrides], ({ node }, given, reference) =>
    node.callSlots.run(async () => {
      const gasMax = node.backend.genesis.execution.transactionGasLimitMax;
      const result = await requireState(node.backend, reference).estimateGas(requestOf(given, gasMax));
      if (!result.success) throw failedCall(result);
      return quantityOf(result.gasUsed);
    }),
  ),
];
