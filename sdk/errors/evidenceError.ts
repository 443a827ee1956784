import { SdkError, type SdkErrorParameters } from "./base.ts";

export type EvidenceErrorCode =
  /** Not evidence at all: a field is missing or of the wrong form. */
  | "EVIDENCE_MALFORMED"
  | "EVIDENCE_VERSION_UNKNOWN"
  /** Made for another chain or another network. */
  | "EVIDENCE_WRONG_NETWORK"
  /** Made to a contract whose statements do not count. */
  | "EVIDENCE_CONTRACT_UNKNOWN"
  /** A signature is malformed or not in its canonical form. */
  | "EVIDENCE_SIGNATURE_INVALID"
  /** A statement is not the offender's. */
  | "EVIDENCE_WRONG_SIGNER"
  /** The offender was no validator in that epoch. */
  | "EVIDENCE_NO_VALIDATOR"
  /** One statement twice, or two that do not contradict each other. */
  | "NO_CONTRADICTION";

export class EvidenceError extends SdkError<EvidenceErrorCode> {
  constructor(code: EvidenceErrorCode, shortMessage: string, parameters: Omit<SdkErrorParameters, "docsPath"> = {}) {
    super(code, shortMessage, { ...parameters, docsPath: "docs/evidence.md" });
  }
}
