// What verbs on validators' seats take: the validator key's address, and public entries as `allot init` writes them.
import type { Command } from "commander";
import { addressFlag } from "./values.ts";

export const takesValidator = (command: Command): Command =>
  command.argument("<validator>", "address of the validator key", addressFlag("<validator>"));

/** Multiaddrs as they are given one after the other. */
export async function multiaddrsOf(given: readonly string[]): Promise<readonly string[]> {
  const { checkValue } = await import("../../config/jsonFile.ts");
  const { multiaddrs } = await import("../../genesis/seatEntry.ts");
  return checkValue("<addresses>", multiaddrs, given);
}
