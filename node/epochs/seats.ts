// Who sits where: consensus names the members of an epoch's set by their position in it, the network names nodes by a
// number that they keep across epochs. A node that is known and has no seat in this epoch gets an index behind the set:
// it may ask and is answered, and nothing it says counts.
import { type Address, PeerIndex, ValidatorIndex } from "../types/brands.ts";

/** All validators ever admitted, as far as the network's nodes have to be told apart. */
export interface PeerDirectory {
  peerOf(address: Address): PeerIndex | undefined;
  addressOf(peer: PeerIndex): Address | undefined;
}

export class Seats {
  readonly #validators: readonly Address[];
  readonly #directory: PeerDirectory;

  constructor(validators: readonly Address[], directory: PeerDirectory) {
    this.#validators = validators;
    this.#directory = directory;
  }

  indexOf(peer: PeerIndex): ValidatorIndex {
    const address = this.#directory.addressOf(peer);
    const seat = address === undefined ? -1 : this.#validators.indexOf(address);
    return ValidatorIndex(seat < 0 ? this.#validators.length + peer : seat);
  }

  /** Undefined for a member that this node knows no more of than its key. */
  peerOf(index: ValidatorIndex): PeerIndex | undefined {
    const address = this.#validators[index];
    if (address === undefined) return PeerIndex(index - this.#validators.length);
    return this.#directory.peerOf(address);
  }
}
