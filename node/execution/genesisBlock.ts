import type { Address, Digest, Hex } from "../types/brands.ts";
import { Height } from "../types/brands.ts";
import { genesisDigest } from "../types/digests.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";
import { buildHeader } from "./buildHeader.ts";
import { hexToBytes, noBytes } from "./bytes.ts";
import type { BlockContext, ExecutedBlock } from "./engine.ts";
import { executionHashOf } from "./headerEncoding.ts";
import { emptyAccount, isEmpty } from "./state/account.ts";
import { JournaledState } from "./state/journaledState.ts";
import type { State } from "./state/stateLayer.ts";
import { type CommittedChanges, commitChanges } from "./state/stateTrie.ts";

const zeroDigest = `0x${"00".repeat(32)}` as Digest;
const zeroAddress = `0x${"00".repeat(20)}` as Address;

export function genesisContext(genesis: Genesis): BlockContext {
  return {
    digest: genesisDigest(genesis),
    parentDigest: zeroDigest,
    height: Height(0),
    timestampMs: genesis.timestampMs,
    proposer: zeroAddress,
  };
}

/** The block at height 0 on top of which everything executes. */
export function genesisBlock(genesis: Genesis, stateRoot: Digest): ExecutedBlock {
  const context = genesisContext(genesis);
  const header = buildHeader(context, zeroDigest, genesis.execution.blockGasLimit, stateRoot, [], []);
  const executionHash = executionHashOf(header);
  return { context, header, executionHash, transactions: [], receipts: [], changedState: true };
}

const nothing: State = { account: () => undefined, slot: () => 0n, code: () => noBytes, node: () => undefined };

/** The state at height 0 with its trie. */
export function genesisState(genesis: Genesis): CommittedChanges {
  const state = new JournaledState(nothing);
  allocate(state, genesis);
  return commitChanges(nothing, state.changes());
}

/** Puts genesis' `alloc` into an empty state. Accounts that EIP-161 calls empty are left out. */
function allocate(state: JournaledState, genesis: Genesis): void {
  for (const [address, entry] of Object.entries(genesis.alloc)) {
    const at = address as Address;
    const account = { ...emptyAccount, nonce: Number(entry.nonce ?? "0x0"), balance: BigInt(entry.balance ?? "0x0") };
    const code = hexToBytes(entry.code ?? "0x");
    const slots = Object.entries(entry.storage ?? {});
    if (slots.length > 0 && code.length === 0) {
      throw new AllotError(
        "GENESIS_STORAGE_WITHOUT_CODE",
        { address },
        `Genesis gives the account ${address} storage but no code: nothing could ever read it.`,
      );
    }
    if (!isEmpty(account) || code.length > 0) state.setAccount(at, account);
    if (code.length > 0) state.setCode(at, code);
    for (const [slot, word] of slots) state.setSlot(at, BigInt(slot as Hex), BigInt(word));
  }
  state.endTransaction();
}
