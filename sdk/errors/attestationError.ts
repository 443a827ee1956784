import { SdkError, type SdkErrorParameters } from "./base.ts";

export type AttestationErrorCode =
  /** No signed attestation at all: a field is missing or of the wrong form. */
  | "ATTESTATION_MALFORMED"
  | "ATTESTATION_VERSION_UNKNOWN"
  /** Signed for another chain, network or resolver. */
  | "ATTESTATION_WRONG_NETWORK"
  /** The signature is not the attester's over what the file says. */
  | "ATTESTATION_SIGNATURE_INVALID"
  /** EAS takes an attester's signed requests in order, each once: this one is used, or another comes first. */
  | "ATTESTATION_OUT_OF_ORDER";

export class AttestationError extends SdkError<AttestationErrorCode> {
  constructor(code: AttestationErrorCode, shortMessage: string, parameters: Omit<SdkErrorParameters, "docsPath"> = {}) {
    super(code, shortMessage, { ...parameters, docsPath: "docs/capabilities.md#signed-by-one-sent-by-another" });
  }
}
