import { SdkError, type SdkErrorParameters } from "./base.ts";

export type ClientErrorCode =
  /** The action signs, and neither it nor the client has a local account. */
  | "ACCOUNT_MISSING"
  /** The action makes a statement, and neither it nor the client has a sign lock. */
  | "SIGN_LOCK_MISSING"
  /** The node serves another chain or network than the client was made for. */
  | "WRONG_NETWORK"
  /** No node answered for as long as the client waits. */
  | "NODE_UNREACHABLE"
  /** Nodes answer, and none is ready: what they would say may be old. */
  | "NODE_NOT_READY"
  /** The node took no transaction of the account for as long as the client waits. */
  | "TRANSACTION_REFUSED"
  /** Accepted, and in no block for as long as the client waits. It may still come. */
  | "TRANSACTION_NOT_INCLUDED"
  /** What a watch was given to call failed: the program's own affair, not a node's. */
  | "CALLBACK_FAILED"
  /** What was asked for does not exist, or not yet. */
  | "NOT_FOUND"
  /** A call by name that the contract does not have, or with arguments that do not fit. */
  | "CALL_INVALID"
  /** A receipt lacks the event that the call must have made: the address holds another contract. */
  | "EVENT_MISSING";

export class ClientError extends SdkError<ClientErrorCode> {
  constructor(code: ClientErrorCode, shortMessage: string, parameters: SdkErrorParameters = {}) {
    super(code, shortMessage, parameters);
  }
}
