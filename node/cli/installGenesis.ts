import { nodeFolder } from "../config/nodeFolder.ts";
import { readGenesis } from "../genesis/readGenesis.ts";
import { readSeatEntry, type SeatEntry } from "../genesis/seatEntry.ts";
import { AllotError } from "../types/errors.ts";
import { joinNetwork, refuseExisting } from "./seat.ts";

/**
 * Makes a folder with keys a node of the network that `file` founds.
 * @param observer the network is to admit the validator later: until then it follows
 * @throws AllotError NOT_A_VALIDATOR when the network does not know the folder's keys as they are
 */
export async function installGenesis(directory: string, file: string, observer = false): Promise<SeatEntry> {
  const genesis = readGenesis(file);
  const own = readSeatEntry(nodeFolder(directory).entry);
  refuseExisting(nodeFolder(directory).genesis);
  const entry = genesis.validators.find((one) => one.address === own.address && one.peerKey === own.peerKey);
  if (entry === undefined && !observer) {
    const text = `${file}: none of its validators has the address ${own.address} and peer key of ${directory}: ask for a genesis made with its validator.json, or follow the network until it admits the validator, with --observer`;
    throw new AllotError("NOT_A_VALIDATOR", { file, directory, address: own.address }, text);
  }
  await joinNetwork(directory, genesis, own.address);
  return own;
}
