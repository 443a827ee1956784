import { join } from "node:path";
import { nodeFolder } from "../config/nodeFolder.ts";
import { readGenesis } from "../genesis/readGenesis.ts";
import { readSeatEntry } from "../genesis/seatEntry.ts";
import { AllotError } from "../types/errors.ts";
import type { GenesisValidator } from "../types/genesis.ts";
import { joinNetwork, refuseExisting } from "./seat.ts";

/**
 * Makes a folder with keys a node of the network that `file` founds.
 * @throws AllotError NOT_A_VALIDATOR when the network does not know the folder's keys as they are
 */
export async function installGenesis(directory: string, file: string): Promise<GenesisValidator> {
  const genesis = readGenesis(file);
  const own = readSeatEntry(join(directory, "validator.json"));
  refuseExisting(nodeFolder(directory).genesis);
  const entry = genesis.validators.find((one) => one.address === own.address && one.peerKey === own.peerKey);
  if (entry === undefined) {
    const text = `${file}: none of its validators has the address ${own.address} and peer key of ${directory}: ask for a genesis made with its validator.json`;
    throw new AllotError("NOT_A_VALIDATOR", { file, directory, address: own.address }, text);
  }
  await joinNetwork(directory, genesis, own.address);
  return entry;
}
