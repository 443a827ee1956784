import { SdkError, type SdkErrorParameters } from "./base.ts";

export type RegistrationErrorCode =
  /** A field of the registration file is missing or not of its form; `field` names it. */
  | "REGISTRATION_INVALID"
  /** The URI's scheme cannot be read, or what it holds is not JSON. */
  | "REGISTRATION_UNREADABLE";

export class RegistrationError extends SdkError<RegistrationErrorCode> {
  constructor(code: RegistrationErrorCode, shortMessage: string, parameters: SdkErrorParameters = {}) {
    super(code, shortMessage, parameters);
  }
}
