// Calls of the rule contracts by name, as people write and read them in proposals.
import { type Abi, type Address, decodeFunctionData, encodeFunctionData, type Hex, isAddressEqual } from "viem";
import { parameterNames } from "../../../contracts/deploy/parameters.ts";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import { contradictoryAttestationsAbi } from "../../abis/contradictoryAttestations.ts";
import { creditsAbi } from "../../abis/credits.ts";
import { deliveryEquivocationAbi } from "../../abis/deliveryEquivocation.ts";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import { operatorsAbi } from "../../abis/operators.ts";
import { parametersAbi } from "../../abis/parameters.ts";
import { permissionsAbi } from "../../abis/permissions.ts";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { RuleAddresses } from "../../contracts.ts";
import { ClientError } from "../../errors/clientError.ts";

/** The contracts with functions that only the operators' executed proposals may call. */
const governed = {
  agentLedger: agentLedgerAbi,
  attesterRegistry: attesterRegistryAbi,
  bidEquivocation: bidEquivocationAbi,
  contradictoryAttestations: contradictoryAttestationsAbi,
  credits: creditsAbi,
  deliveryEquivocation: deliveryEquivocationAbi,
  falseCapability: falseCapabilityAbi,
  operators: operatorsAbi,
  parameters: parametersAbi,
  permissions: permissionsAbi,
  validatorRegistry: validatorRegistryAbi,
} as const satisfies Partial<Record<keyof RuleAddresses, Abi>>;

export type GovernedContract = keyof typeof governed;

/**
 * A call of a rule contract by name; `args` in the function's order. Where the contract numbers parameters, here stand
 * their names: `set` of `parameters` takes `[[{ parameter: "minStake", value: 5n }]]`.
 */
export interface RuleCall {
  readonly contract: GovernedContract;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

/** Address and calldata of a call. Throws `ClientError` (`CALL_INVALID`) for a call that the contract does not have. */
export function encodeRuleCall(rules: RuleAddresses, call: RuleCall): { readonly target: Address; readonly data: Hex } {
  const { contract, functionName, args } = call;
  const facts = { contract, functionName };
  const abi: Abi | undefined = governed[contract];
  if (abi === undefined) {
    const known = Object.keys(governed).join(", ");
    throw new ClientError("CALL_INVALID", `There is no governed contract of this name. Choose one of ${known}.`, {
      facts,
    });
  }
  const functions = abi.filter((item) => item.type === "function" && item.stateMutability !== "view");
  const found = functions.find((item) => item.type === "function" && item.name === functionName);
  if (found === undefined) {
    throw new ClientError("CALL_INVALID", "The contract has no such function that changes anything. Check its name.", {
      facts,
    });
  }
  try {
    return { target: rules[contract], data: encodeFunctionData({ abi: [found], functionName, args: numbered(args) }) };
  } catch (cause) {
    const inputs = "inputs" in found ? found.inputs.map(({ type, name }) => `${type} ${name}`).join(", ") : "";
    throw new ClientError("CALL_INVALID", `The arguments do not fit ${functionName}(${inputs}).`, { facts, cause });
  }
}

/** The call that target and calldata make, if it is one of a governed contract's. */
export function decodeRuleCall(rules: RuleAddresses, target: Address, data: Hex): RuleCall | undefined {
  for (const [name, abi] of Object.entries(governed)) {
    const contract = name as GovernedContract;
    if (!isAddressEqual(rules[contract], target)) continue;
    try {
      const { functionName, args = [] } = decodeFunctionData({ abi: abi as Abi, data });
      return { contract, functionName, args: contract === "parameters" ? named(args) : args };
    } catch {
      // Calldata of no function that the contract has: such a proposal can be made, and fails when executed.
      return undefined;
    }
  }
  return undefined;
}

/** Every value under a key `parameter`, at any depth, as `translate` has it. */
function translated(value: unknown, translate: (parameter: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => translated(item, translate));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "parameter" ? translate(item) : translated(item, translate),
    ]),
  );
}

/** An unknown name stays, so that encoding says what does not fit. */
const numberOf = (parameter: unknown): unknown => {
  const index = parameterNames.indexOf(parameter as (typeof parameterNames)[number]);
  return index < 0 ? parameter : index;
};

const numbered = (args: readonly unknown[]): readonly unknown[] => args.map((arg) => translated(arg, numberOf));

/** A number of a later version stays a number. */
const named = (args: readonly unknown[]): readonly unknown[] =>
  args.map((arg) => translated(arg, (parameter) => parameterNames[Number(parameter)] ?? parameter));
