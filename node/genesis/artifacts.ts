// What the compiler made of the rules. Hardhat writes one JSON file per contract under artifacts/.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Abi } from "viem";
import { z } from "zod";
import { readJsonFile } from "../config/jsonFile.ts";
import { hexData, text } from "../config/schemas.ts";
import type { Hex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";

export interface Artifact {
  readonly name: string;
  readonly abi: Abi;
  /** Creation code, without constructor arguments. */
  readonly bytecode: Hex;
}

const schema = z.object({
  contractName: text,
  abi: z.array(z.custom<Abi[number]>((item) => typeof item === "object" && item !== null)),
  bytecode: hexData,
});

export const artifactsFolder = fileURLToPath(new URL("../../artifacts", import.meta.url));

/** Files of all artifacts by contract name; a name that two sources use maps to both. */
function indexArtifacts(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json") || entry.parentPath.includes("build-info")) continue;
    const name = entry.name.slice(0, -".json".length);
    found.set(name, [...(found.get(name) ?? []), join(entry.parentPath, entry.name)]);
  }
  return found;
}

/**
 * Reader of artifacts by contract name.
 * @throws AllotError ARTIFACT_MISSING when the contract has not been compiled, ARTIFACT_AMBIGUOUS when two have the name
 */
export function artifactReader(folder: string = artifactsFolder): (name: string) => Artifact {
  const files = indexArtifacts(folder);
  return (name) => {
    const [file, second] = files.get(name) ?? [];
    if (file === undefined) {
      throw new AllotError(
        "ARTIFACT_MISSING",
        { name, folder },
        `the contract ${name} is not compiled (no ${name}.json under ${folder}): run "npm run hardhat -- build"`,
      );
    }
    if (second !== undefined) {
      throw new AllotError(
        "ARTIFACT_AMBIGUOUS",
        { name, file, second },
        `two contracts are called ${name}: ${file} and ${second}`,
      );
    }
    const { contractName, abi, bytecode } = readJsonFile(file, schema, "the compiler's output");
    return { name: contractName, abi, bytecode };
  };
}
