// Certificates as lists of secp256k1 signatures. Importing this stops the process when secp256k1 is not native.
import { type Address, type Signature, ValidatorIndex } from "../types/brands.ts";
import type { Certificate } from "../types/certificate.ts";
import type { CertificateScheme } from "../types/certificateScheme.ts";
import { InvariantError } from "../types/errors.ts";
import { bytesOf, hexOf } from "../types/hex.ts";
import { quorumOf } from "../types/quorum.ts";
import type { SignedVote, Vote } from "../types/vote.ts";
import { type VoteDomain, voteHasher } from "../types/votePreimage.ts";
import { groupOrder, recoverAddress, secp256k1 } from "./secp256k1.ts";

const halfOrder = hexOf(Buffer.from((groupOrder / 2n).toString(16).padStart(64, "0"), "hex"));

/** Address of the key that made `signature` over `hash`; undefined unless s is low, v 27 or 28 and a key fits. */
export function recoverSigner(hash: Uint8Array, signature: Signature): Address | undefined {
  const v = signature.slice(130);
  if (v !== "1b" && v !== "1c") return undefined;
  // Equal lengths: hex compares like the numbers.
  if (signature.slice(66, 130) > halfOrder.slice(2)) return undefined;
  const address = recoverAddress(hash, bytesOf(`0x${signature.slice(2, 130)}`), v === "1b" ? 0 : 1);
  return address === undefined ? undefined : (hexOf(address) as Address);
}

/** Signs a 32-byte hash: RFC 6979, low s. Only the signer's guard, and tests, have a validator key to call it with. */
export function signHash(hash: Uint8Array, privateKey: Uint8Array): Signature {
  const { signature, recid } = secp256k1.ecdsaSign(hash, privateKey);
  return `${hexOf(signature)}${recid === 0 ? "1b" : "1c"}` as Signature;
}

/** The scheme of one validator set, sorted by address, in one network. */
export function secp256k1Scheme(domain: VoteDomain, validators: readonly Address[]): CertificateScheme {
  const hash = voteHasher(domain);
  const quorum = quorumOf(validators.length);
  const isBy = (signer: ValidatorIndex, voteHash: Uint8Array, signature: Signature): boolean => {
    const address = validators[signer];
    return address !== undefined && recoverSigner(voteHash, signature) === address;
  };

  return {
    name: "secp256k1",
    verifyVote: ({ vote, signer, signature }) => isBy(signer, hash(vote), signature),
    form: (vote, votes) => form(vote, votes, quorum),
    verifyCertificate({ vote, signers, signatures }, known) {
      if (signers.length !== quorum || signatures.length !== quorum || !ascending(signers)) return false;
      const voteHash = hash(vote);
      return signers.every((signer, i) => {
        const signature = signatures[i] as Signature;
        return known?.(signer) === signature || isBy(signer, voteHash, signature);
      });
    },
    votesOf: ({ vote, signers, signatures }) =>
      signers.map((signer, i) => ({ vote, signer, signature: signatures[i] as Signature })),
  };
}

function form<V extends Vote>(vote: V, votes: readonly SignedVote[], quorum: number): Certificate<V> {
  const chosen = [...votes].sort((a, b) => a.signer - b.signer).slice(0, quorum);
  if (chosen.length < quorum) {
    throw new InvariantError("NO_QUORUM", { votes: votes.length, quorum }, "a certificate needs a quorum of votes");
  }
  return {
    vote,
    signers: chosen.map(({ signer }) => ValidatorIndex(signer)),
    signatures: chosen.map(({ signature }) => signature),
  };
}

const ascending = (signers: readonly ValidatorIndex[]): boolean =>
  signers.every((signer, i) => i === 0 || (signers[i - 1] as ValidatorIndex) < signer);
