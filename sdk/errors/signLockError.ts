import { SdkError, type SdkErrorParameters } from "./base.ts";

export type SignLockErrorCode =
  /** Something else has been signed for the same tender and slot, the same job, or the same test run. */
  | "SIGN_LOCK_CONFLICT"
  /** Another living process uses the directory. */
  | "SIGN_LOCK_HELD"
  /** A record cannot be trusted: nothing is signed until a person has looked at it. */
  | "SIGN_LOCK_DAMAGED"
  /** The directory cannot be read or written. */
  | "SIGN_LOCK_UNUSABLE"
  /** The lock was closed before the call. */
  | "SIGN_LOCK_CLOSED"
  /** The chain knows a statement of this agent or attester that the lock does not: the directory is another's, or old. */
  | "SIGN_LOCK_BEHIND";

export class SignLockError extends SdkError<SignLockErrorCode> {
  constructor(code: SignLockErrorCode, shortMessage: string, parameters: Omit<SdkErrorParameters, "docsPath"> = {}) {
    super(code, shortMessage, { ...parameters, docsPath: "docs/sdk.md#the-sign-lock" });
  }
}
