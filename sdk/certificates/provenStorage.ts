// Words of a contract's storage, proven from a state root down.
import { type Address, bytesToHex, fromRlp, type Hex, hexToBigInt } from "viem";
import type { StorageWordProof } from "../../node/types/assignmentCertificate.ts";
import { CertificateError, type CertificateErrorCode } from "../errors/certificateError.ts";
import { storageRootOfAccount } from "./headers.ts";
import { verifyMerkleProof } from "./merkleProof.ts";

export const equalHex = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase();

export interface AccountProven {
  readonly contract: Address;
  readonly accountProof: readonly Hex[];
}

/** Storage root of the contract. Throws `ACCOUNT_PROOF_INVALID`. */
export function provenStorageRoot({ contract, accountProof }: AccountProven, stateRoot: Hex): Hex {
  const proven = verifyMerkleProof(stateRoot, contract, accountProof);
  const storageRoot = proven.outcome === "present" ? storageRootOfAccount(proven.value) : undefined;
  if (storageRoot !== undefined) return storageRoot;
  const reason = proven.outcome === "invalid" ? proven.reason : "the account is not there";
  throw new CertificateError(
    "ACCOUNT_PROOF_INVALID",
    "The proof does not lead from the state root to the contract's account.",
    { facts: { contract, reason } },
  );
}

/** The word in the slot that is `expected`. Throws `STORAGE_PROOF_INVALID`, or `otherSlot` where it proves another. */
export function provenWord(
  { slot, word, proof }: StorageWordProof,
  expected: Hex,
  storageRoot: Hex,
  otherSlot: CertificateErrorCode,
): bigint {
  if (!equalHex(slot, expected)) {
    throw new CertificateError(otherSlot, "The certificate proves other storage than it is about.", {
      facts: { slot, expected },
    });
  }
  const proven = verifyMerkleProof(storageRoot, expected, proof);
  const value = proven.outcome === "present" ? wordOf(proven.value) : proven.outcome === "absent" ? 0n : undefined;
  if (value === undefined || value !== hexToBigInt(word)) {
    const reason = proven.outcome === "invalid" ? proven.reason : "the proof is of another word";
    throw new CertificateError("STORAGE_PROOF_INVALID", "The proof does not lead from the storage root to the word.", {
      facts: { slot, reason },
    });
  }
  return value;
}

/** A storage value is the RLP of a number without leading zeros; undefined when it is none. */
function wordOf(encoded: Uint8Array): bigint | undefined {
  const value: unknown = fromRlp(bytesToHex(encoded), "hex");
  return typeof value === "string" && value.length > 2 && value.length <= 66 ? hexToBigInt(value as Hex) : undefined;
}
