// The options of one node, from (strongest first) flags, environment, config.json and the table's defaults.
import { checkValue, readJsonFile } from "./jsonFile.ts";
import {
  environmentVariableOf,
  flagOf,
  type NodeConfig,
  nodeOptions,
  type OptionName,
  optionNames,
} from "./options.ts";
import { strictObject } from "./schemas.ts";

/** What stands in config.json: any of the options, nothing else. */
export type PartialConfig = { readonly [K in OptionName]?: NodeConfig[K] };

const optional = Object.fromEntries(optionNames.map((name) => [name, nodeOptions[name].schema.optional()]));

const fileSchema = strictObject(optional);

/** @throws AllotError naming file, place and reason */
export function readConfigFile(file: string): PartialConfig {
  return readJsonFile(file, fileSchema, "the node's configuration; `allot init` and `allot testnet` make one");
}

/** Options spelled in texts, by name; `sourceOf` names the place in errors ("--rpc-port", "ALLOT_RPC_PORT"). */
function fromTexts(
  texts: Partial<Record<OptionName, string | undefined>>,
  sourceOf: (name: OptionName) => string,
): PartialConfig {
  const found: Partial<Record<OptionName, unknown>> = {};
  for (const name of optionNames) {
    const given = texts[name];
    if (given === undefined) continue;
    found[name] = checkValue(sourceOf(name), nodeOptions[name].schema, nodeOptions[name].fromText(given));
  }
  return found as PartialConfig;
}

export function configFromFlags(flags: Partial<Record<OptionName, string | undefined>>): PartialConfig {
  return fromTexts(flags, flagOf);
}

export function configFromEnvironment(environment: Readonly<Record<string, string | undefined>>): PartialConfig {
  const texts = Object.fromEntries(optionNames.map((name) => [name, environment[environmentVariableOf(name)]]));
  return fromTexts(texts, environmentVariableOf);
}

/** Later parts win. */
export function mergeConfig(...parts: readonly PartialConfig[]): NodeConfig {
  const defaults = Object.fromEntries(optionNames.map((name) => [name, nodeOptions[name].default]));
  return Object.assign(defaults, ...parts) as NodeConfig;
}
