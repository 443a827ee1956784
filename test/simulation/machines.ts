// The simulation numbers its machines; a validator's address is its machine's number, so that sets, which lie in the order
// of addresses, lie in the order of machines.
import type { PeerDirectory } from "../../node/epochs/seats.ts";
import { Address, PeerIndex } from "../../node/types/brands.ts";

export const addressOf = (machine: number): Address => Address(`0x${machine.toString(16).padStart(40, "0")}`);
export const machineOf = (address: Address): number => Number.parseInt(address.slice(2), 16);

export const machines: PeerDirectory = {
  peerOf: (address) => PeerIndex(machineOf(address)),
  addressOf: (peer) => addressOf(peer),
};
