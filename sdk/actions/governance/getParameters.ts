import { readContract } from "viem/actions";
import { type ParameterName, parameterNames } from "../../../contracts/deploy/parameters.ts";
import { parametersAbi } from "../../abis/parameters.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** `credit`: millionths of one. `share`: ten-thousandths. */
export type ParameterUnit = "credit" | "second" | "share" | "number";

export interface Parameter {
  readonly name: ParameterName;
  readonly unit: ParameterUnit;
  /** In force now. */
  readonly value: bigint;
  /** Within what the operators can change it on this network. */
  readonly min: bigint;
  readonly max: bigint;
}

/**
 * Reads every number of the rules that the operators can change.
 * @example
 * ```ts
 * const minStake = (await getParameters(client)).find(({ name }) => name === "minStake");
 * ```
 */
export async function getParameters(client: AllotCore): Promise<readonly Parameter[]> {
  const contract = { address: client.allot.rules.parameters, abi: parametersAbi } as const;
  return await callRules(
    Promise.all(
      parameterNames.map(async (name, index): Promise<Parameter> => {
        const args = [index] as const;
        const { unit, value, min, max } = await readContract(client, {
          ...contract,
          functionName: "definitionOf",
          args,
        });
        return { name, unit: unit as ParameterUnit, value, min, max };
      }),
    ),
  );
}
