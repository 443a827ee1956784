// Who may send transactions, read from one storage slot of the Permissions contract without running the EVM. The
// layout is documented at `_members` in contracts/governance/Permissions.sol: slot keccak256(abi.encode(account, 0)),
// organisation in the low 32 bits, 0 for strangers. Delisted members stay admitted, since delisting is exit-only:
// the rules refuse them what is new. Membership is for good, so whoever was permitted in a committed state is
// permitted in every later one, and need not be looked up again.
import { allowListMembersMax } from "../config/limits.ts";
import { keccak256 } from "../crypto/keccak.ts";
import type { StateView } from "../execution/engine.ts";
import { BoundedMap } from "../types/boundedMap.ts";
import type { Address } from "../types/brands.ts";
import type { Genesis } from "../types/genesis.ts";
import { bytesOf } from "../types/hex.ts";

/** `mapping(address => uint256) _members`. */
const membersSlot = 0;

export class AllowList {
  /** Undefined where genesis has no Permissions contract: then everybody may send. */
  readonly #contract: Address | undefined;
  /** Found permitted in a committed state. */
  readonly #members = new BoundedMap<Address, true>(allowListMembersMax);

  constructor(genesis: Pick<Genesis, "contracts">) {
    this.#contract = genesis.contracts.Permissions;
  }

  /** @param state of the committed block or of one that descends from it */
  permits(state: Pick<StateView, "storageAt">, sender: Address): boolean {
    if (this.#contract === undefined || this.#members.has(sender)) return true;
    const word = state.storageAt(this.#contract, memberSlot(sender));
    return (word[28] ?? 0) + (word[29] ?? 0) + (word[30] ?? 0) + (word[31] ?? 0) !== 0;
  }

  /** As `permits`, and remembers the answer. Only for the committed state: what an uncommitted block says may be void. */
  permitsCommitted(committed: Pick<StateView, "storageAt">, sender: Address): boolean {
    const permitted = this.permits(committed, sender);
    if (permitted && this.#contract !== undefined && !this.#members.has(sender)) this.#members.set(sender, true);
    return permitted;
  }
}

function memberSlot(sender: Address): Uint8Array {
  const preimage = new Uint8Array(64);
  preimage.set(bytesOf(sender), 12);
  preimage[63] = membersSlot;
  return keccak256(preimage);
}
