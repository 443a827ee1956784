// What a caller gets instead of a result: a code of JSON-RPC 2.0 or of Ethereum's conventions (EIP-1474), a sentence
// that says what to do, and facts for programs.
import { AllotError } from "../types/errors.ts";

export const parseErrorCode = -32700;
export const invalidRequestCode = -32600;
export const methodNotFoundCode = -32601;
export const invalidParametersCode = -32602;
export const internalErrorCode = -32603;
/** Everything that the ledger refuses. */
export const serverErrorCode = -32000;
/** A call that reverted; `data` is what it returned. */
export const revertedCode = 3;

export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The error object for what a user did wrong; undefined for our own defects. */
export function errorObjectOf(error: unknown): ErrorObject | undefined {
  if (error instanceof RpcError) {
    const { code, message, data } = error;
    return data === undefined ? { code, message } : { code, message, data };
  }
  if (error instanceof AllotError) {
    const facts = Object.entries(error.facts).map(([name, value]) => [
      name,
      typeof value === "bigint" ? `0x${value.toString(16)}` : value,
    ]);
    return { code: serverErrorCode, message: error.message, data: { code: error.code, ...Object.fromEntries(facts) } };
  }
  return undefined;
}
