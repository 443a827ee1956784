import { type Hex, isAddressEqual } from "viem";
import type { Finalization } from "../../node/types/certificate.ts";
import { quorumOf } from "../../node/types/quorum.ts";
import { CertificateError } from "../errors/certificateError.ts";
import { consensusDomain } from "../typedData/domain.ts";
import { recoverCanonical } from "../typedData/recoverCanonical.ts";
import { hashVote } from "../typedData/vote.ts";
import type { ValidatorSet } from "./validatorSet.ts";

/**
 * Checks that a quorum of the set signed a finalization. Resolves when it did.
 *
 * Errors: `CERTIFICATE_WRONG_EPOCH`, `FINALIZATION_NO_QUORUM`, `FINALIZATION_SIGNATURE_INVALID`.
 */
export async function verifyFinalization(finalization: Finalization, set: ValidatorSet): Promise<void> {
  const { vote, signers, signatures } = finalization;
  if (vote.epoch !== set.epoch) {
    throw new CertificateError(
      "CERTIFICATE_WRONG_EPOCH",
      "The certificate was signed in another epoch than the validator set's. Verify it with the set of its epoch.",
      { facts: { certificate: vote.epoch, validatorSet: set.epoch } },
    );
  }
  requireQuorum(signers, signatures.length, set);
  const hash = hashVote(consensusDomain(set), vote);
  await Promise.all(
    signers.map(async (signer, position) => {
      const expected = set.validators[signer] as Hex;
      const found = await recoverCanonical(hash, signatures[position] as Hex);
      if (found === undefined || !isAddressEqual(found, expected)) {
        throw new CertificateError(
          "FINALIZATION_SIGNATURE_INVALID",
          "A signature of the finalization is not that validator's. Do not rely on this certificate.",
          { facts: { signer, validator: expected } },
        );
      }
    }),
  );
}

function requireQuorum(signers: readonly number[], signatures: number, set: ValidatorSet): void {
  const quorum = quorumOf(set.validators.length);
  const ascending = signers.every(
    (signer, position) =>
      Number.isInteger(signer) &&
      signer >= 0 &&
      signer < set.validators.length &&
      (position === 0 || signer > (signers[position - 1] as number)),
  );
  if (signers.length !== quorum || signatures !== quorum || !ascending) {
    throw new CertificateError(
      "FINALIZATION_NO_QUORUM",
      "The finalization is not signed by exactly a quorum of distinct validators in ascending order. Do not rely on this certificate.",
      { facts: { signers: signers.join(" "), signatures, quorum, validators: set.validators.length } },
    );
  }
}
