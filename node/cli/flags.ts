// Values of flags that belong to commands rather than to the table of node options.
import type { Command } from "commander";
import { z } from "zod";
import { checkValue } from "../config/jsonFile.ts";
import { environmentVariableOf, flagOf, nodeOptions, type OptionName, optionNames } from "../config/options.ts";
import { integer } from "../config/schemas.ts";
import type { NodeFlags } from "./loadNode.ts";

/** Parser of a whole number in a flag. */
export function integerFlag(flag: string, least: number, most?: number): (given: string) => number {
  return (given) => checkValue(flag, integer(least, most), /^-?\d+$/.test(given) ? Number(given) : given);
}

/** Parser of one of several words. */
export function choiceFlag<const C extends readonly [string, ...string[]]>(
  flag: string,
  choices: C,
): (given: string) => C[number] {
  const schema = z.enum(choices, { errorMap: () => ({ message: `must be one of ${choices.join(", ")}` }) });
  return (given) => checkValue(flag, schema, given);
}

export const listFlag = (given: string): string[] => given.split(",").filter((part) => part !== "");

function shownDefault(value: unknown): string {
  if (typeof value === "object" || value === "") return "none";
  return String(value);
}

/** Adds a flag for every option of a node. */
export function addNodeOptions(command: Command): Command {
  for (const name of optionNames) {
    const { placeholder, description, default: fallback, unit } = nodeOptions[name];
    const standard = `default: ${shownDefault(fallback)}${unit === undefined ? "" : ` ${unit}`}`;
    command.option(
      `${flagOf(name)} <${placeholder}>`,
      `${description} (${standard}; env: ${environmentVariableOf(name)})`,
    );
  }
  return command;
}

/** The node options among a command's flags. */
export function nodeFlags(flags: Readonly<Record<string, unknown>>): NodeFlags {
  const found: Partial<Record<OptionName, string>> = {};
  for (const name of optionNames) {
    const given = flags[name];
    if (typeof given === "string") found[name] = given;
  }
  return found;
}
