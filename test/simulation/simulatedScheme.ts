// Signatures that cost a hash instead of an elliptic curve: a keyed digest that only the simulation can make, since
// only it knows the keys. Everything else about certificates is as with secp256k1.
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import type { Signature, ValidatorIndex } from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import type { CertificateScheme } from "../../node/types/certificateScheme.ts";
import { quorumOf } from "../../node/types/quorum.ts";
import type { SignedVote, Vote } from "../../node/types/vote.ts";

export interface SigningScheme extends CertificateScheme {
  sign(signer: ValidatorIndex, vote: Vote): SignedVote;
}

const text = new TextEncoder();

/** Who sits in an epoch's set, by the numbers that the simulation gives its machines. */
export type Members = (epoch: number) => readonly number[];

export function simulatedScheme(validators: number | Members, secret: string): SigningScheme {
  const everybody = typeof validators === "number" ? [...Array(validators).keys()] : [];
  const membersOf: Members = typeof validators === "number" ? () => everybody : validators;
  const quorumIn = ({ epoch }: Vote): number => quorumOf(membersOf(epoch).length);
  const known = new Map<string, Signature>();
  const signatureOf = (index: number, vote: Vote): Signature => {
    const signer = membersOf(vote.epoch)[index] ?? `nobody ${index}`;
    const statement = `${secret}/${signer}/${vote.kind}/${vote.epoch}/${vote.view}/${vote.kind === "nullify" ? "" : vote.digest}`;
    let signature = known.get(statement);
    if (signature === undefined) {
      const half = keccak256Hex(text.encode(statement)).slice(2);
      signature = `0x${half}${half}1b` as Signature;
      if (known.size > 100_000) known.clear();
      known.set(statement, signature);
    }
    return signature;
  };
  const verifyVote = ({ vote, signer, signature }: SignedVote): boolean =>
    signer < membersOf(vote.epoch).length && signatureOf(signer, vote) === signature;

  return {
    name: "secp256k1",
    verifyVote,
    sign: (signer, vote) => ({ vote, signer, signature: signatureOf(signer, vote) }),
    form<V extends Vote>(vote: V, votes: readonly SignedVote[]): Certificate<V> {
      const chosen = [...votes].sort((a, b) => a.signer - b.signer).slice(0, quorumIn(vote));
      return { vote, signers: chosen.map((v) => v.signer), signatures: chosen.map((v) => v.signature) };
    },
    verifyCertificate: ({ vote, signers, signatures }) =>
      signers.length === quorumIn(vote) &&
      signatures.length === signers.length &&
      signers.every(
        (signer, i) =>
          (i === 0 || (signers[i - 1] as number) < signer) &&
          verifyVote({ vote, signer, signature: signatures[i] as Signature }),
      ),
    votesOf: ({ vote, signers, signatures }) =>
      signers.map((signer, i) => ({ vote, signer, signature: signatures[i] as Signature })),
  };
}
