import type { Signature, ValidatorIndex } from "./brands.ts";
import type { Certificate } from "./certificate.ts";
import type { SignedVote, Vote } from "./vote.ts";

/**
 * How votes become certificates, for one validator set. Pure functions: the consensus core is handed an
 * implementation, so that it needs no cryptography of its own, and an aggregating scheme can stand beside the first.
 */
export interface CertificateScheme {
  readonly name: "secp256k1";
  /** Did the validator `signed.signer` sign exactly this vote, in this network? Low s and canonical v included. */
  verifyVote(signed: SignedVote): boolean;
  /** The certificate of `vote` from at least a quorum of verified votes with that content: the q lowest signers. */
  form<V extends Vote>(vote: V, votes: readonly SignedVote[]): Certificate<V>;
  /**
   * Exactly q distinct signers, ascending, each signature valid. Signatures equal to what `known` returns for a signer
   * have been verified before and cost nothing.
   */
  verifyCertificate(certificate: Certificate, known?: (signer: ValidatorIndex) => Signature | undefined): boolean;
  /** The single votes inside a certificate; empty for a scheme that aggregates signatures. */
  votesOf(certificate: Certificate): readonly SignedVote[];
}
