// The set of an epoch, read from the storage of ValidatorRegistry without running the EVM. The layout is documented in
// contracts/deploy/storage.ts: `_sets`, addresses in ascending order by the epoch from which they are the set, and
// `_changedEpochs`, the epochs that have an entry, ascending.
import { storageSlots } from "../../contracts/deploy/storage.ts";
import { keccak256 } from "../crypto/keccak.ts";
import type { StateView } from "../execution/engine.ts";
import { Address, type Epoch } from "../types/brands.ts";
import { hexOf } from "../types/hex.ts";

const slots = storageSlots.ValidatorRegistry;
/** uint64s in a word, the first in the lowest bits. */
const epochsPerWord = 4n;

type Storage = Pick<StateView, "storageAt">;

const bytes32 = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const numberOf = (word: Uint8Array): bigint => BigInt(hexOf(word));
/** Where the elements of a dynamic array begin. */
const elementsOf = (slot: bigint): bigint => numberOf(keccak256(bytes32(slot)));

/** Slot of `_sets[epoch]`: the set's length, behind whose hash its members lie. */
function setSlot(epoch: number): bigint {
  return numberOf(keccak256(Buffer.concat([bytes32(BigInt(epoch)), bytes32(BigInt(slots._sets))])));
}

function read(state: Storage, contract: Address, slot: bigint): bigint {
  return numberOf(state.storageAt(contract, bytes32(slot)));
}

/** Slots of `_sets[epoch]`, as an epoch's certificate proves them: its length, then its members. */
export function setSlots(state: Storage, contract: Address, epoch: number): readonly bigint[] {
  const slot = setSlot(epoch);
  const first = elementsOf(slot);
  return [slot, ...Array.from({ length: Number(read(state, contract, slot)) }, (_, i) => first + BigInt(i))];
}

/** The last epoch up to this one that has an entry. */
function changedEpochOf(state: Storage, contract: Address, epoch: Epoch): number {
  const first = elementsOf(BigInt(slots._changedEpochs));
  const at = (index: bigint): number => {
    const word = read(state, contract, first + index / epochsPerWord);
    return Number((word >> (64n * (index % epochsPerWord))) & 0xffff_ffff_ffff_ffffn);
  };
  for (let index = read(state, contract, BigInt(slots._changedEpochs)) - 1n; index > 0n; index--) {
    if (at(index) <= epoch) return at(index);
  }
  return 0;
}

/** Validators of the epoch in the order of their indices. @param contract ValidatorRegistry's address */
export function validatorSetOf(state: Storage, contract: Address, epoch: Epoch): readonly Address[] {
  const [, ...members] = setSlots(state, contract, changedEpochOf(state, contract, epoch));
  return members.map((slot) => Address(`0x${read(state, contract, slot).toString(16).padStart(40, "0")}`));
}
