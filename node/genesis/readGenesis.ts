import { readJsonFile } from "../config/jsonFile.ts";
import type { Genesis } from "../types/genesis.ts";
import { genesisSchema } from "./genesisSchema.ts";

/** @throws AllotError that names the file, the place in it and the reason */
export function readGenesis(file: string): Genesis {
  return readJsonFile(file, genesisSchema, "the network's first state; get it from whoever made the network");
}
