// Arguments of a contract's function as a person writes them on the command line, by the types of its ABI.
import type { Abi, AbiParameter } from "viem";
import { AllotError } from "../../types/errors.ts";

/** @throws AllotError BAD_VALUE naming the argument, UNKNOWN_FUNCTION */
export function callArguments(abi: Abi, functionName: string, given: readonly string[]): readonly unknown[] {
  const changing = abi.filter((item) => item.type === "function" && item.stateMutability !== "view");
  const found = changing.find((item) => item.type === "function" && item.name === functionName);
  if (found?.type !== "function") {
    const known = changing.map((item) => (item.type === "function" ? item.name : "")).join(", ");
    const message = `<function>: there is no ${functionName} that changes anything; there are ${known}`;
    throw new AllotError("UNKNOWN_FUNCTION", { functionName }, message);
  }
  const shape = `${functionName}(${found.inputs.map(({ type, name }) => `${type} ${name}`).join(", ")})`;
  if (given.length !== found.inputs.length) {
    const message = `<arguments>: ${shape} takes ${found.inputs.length}, and ${given.length} are given`;
    throw new AllotError("BAD_VALUE", { functionName, given: given.length }, message);
  }
  return found.inputs.map((input, i) => argumentOf(input, given[i] ?? "", shape));
}

function argumentOf(input: AbiParameter, given: unknown, shape: string): unknown {
  const refuse = (expected: string): never => {
    const message = `${input.name || input.type}: must be ${expected}, as in ${shape}`;
    throw new AllotError("BAD_VALUE", { argument: input.name ?? "", type: input.type }, message);
  };
  const array = /^(.*)\[\d*\]$/.exec(input.type);
  if (array !== null) {
    const list = typeof given === "string" ? jsonOrUndefined(given) : given;
    if (!Array.isArray(list)) return refuse("a JSON array in quotes");
    return list.map((one) => argumentOf({ ...input, type: array[1] ?? "" }, one, shape));
  }
  const text = String(given);
  if (/^u?int/.test(input.type)) return /^-?\d+$/.test(text) ? BigInt(text) : refuse("a whole number");
  if (input.type === "bool") return text === "true" || text === "false" ? text === "true" : refuse("true or false");
  if (input.type === "address") return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : refuse("an address");
  if (input.type.startsWith("bytes"))
    return /^0x([0-9a-fA-F]{2})*$/.test(text) ? text : refuse("0x and hexadecimal digits");
  if (input.type === "string") return text;
  return refuse("given as calldata, by --target and --data");
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no array: the caller says what was expected.
    return undefined;
  }
}
