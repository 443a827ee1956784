import { SdkError, type SdkErrorParameters } from "./base.ts";

/** One code per link of the chain from the validators' signatures to the assignment record, in order. */
export type CertificateErrorCode =
  /** Not a certificate at all: a field is missing or of the wrong form. */
  | "CERTIFICATE_MALFORMED"
  | "CERTIFICATE_VERSION_UNKNOWN"
  /** Made for another chain or another network. */
  | "CERTIFICATE_WRONG_NETWORK"
  /** The certificate does not follow from the validator set given. */
  | "CERTIFICATE_WRONG_EPOCH"
  /** The signers are not exactly a quorum of distinct validators of the set, in ascending order. */
  | "FINALIZATION_NO_QUORUM"
  | "FINALIZATION_SIGNATURE_INVALID"
  /** The consensus header is not the one that was signed. */
  | "CONSENSUS_HEADER_MISMATCH"
  /** The execution header is not the one that the consensus header commits to. */
  | "EXECUTION_HEADER_MISMATCH"
  | "EXECUTION_HEADER_MALFORMED"
  /** The record lies in a contract that is not the network's TaskMarket. */
  | "CERTIFICATE_WRONG_CONTRACT"
  | "ACCOUNT_PROOF_INVALID"
  /** The storage slots are not those of the task and unit. */
  | "ASSIGNMENT_SLOT_MISMATCH"
  | "STORAGE_PROOF_INVALID"
  /** The storage slots of an epoch's certificate are not those of its set. */
  | "EPOCH_SLOT_MISMATCH"
  /** The signed block lies behind its epoch's last one. */
  | "CERTIFICATE_DISCARDED_BLOCK"
  /** Proven, and what is proven is that nobody has the unit. */
  | "ASSIGNMENT_ABSENT";

export class CertificateError extends SdkError<CertificateErrorCode> {
  constructor(code: CertificateErrorCode, shortMessage: string, parameters: Omit<SdkErrorParameters, "docsPath"> = {}) {
    super(code, shortMessage, { ...parameters, docsPath: "docs/sdk.md#certificates" });
  }
}
