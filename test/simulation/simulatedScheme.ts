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

export function simulatedScheme(validators: number, secret: string): SigningScheme {
  const quorum = quorumOf(validators);
  const known = new Map<string, Signature>();
  const signatureOf = (signer: number, vote: Vote): Signature => {
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
    signer < validators && signatureOf(signer, vote) === signature;

  return {
    name: "secp256k1",
    verifyVote,
    sign: (signer, vote) => ({ vote, signer, signature: signatureOf(signer, vote) }),
    form<V extends Vote>(vote: V, votes: readonly SignedVote[]): Certificate<V> {
      const chosen = [...votes].sort((a, b) => a.signer - b.signer).slice(0, quorum);
      return { vote, signers: chosen.map((v) => v.signer), signatures: chosen.map((v) => v.signature) };
    },
    verifyCertificate: ({ vote, signers, signatures }) =>
      signers.length === quorum &&
      signatures.length === quorum &&
      signers.every(
        (signer, i) =>
          (i === 0 || (signers[i - 1] as number) < signer) &&
          verifyVote({ vote, signer, signature: signatures[i] as Signature }),
      ),
    votesOf: ({ vote, signers, signatures }) =>
      signers.map((signer, i) => ({ vote, signer, signature: signatures[i] as Signature })),
  };
}
