import { encodeFunctionData, type Hex, zeroHash } from "viem";
import { validationRegistryAbi } from "../../abis/validationRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RespondToValidationParameters extends WriteParameters {
  readonly requestHash: Hex;
  /** 0 (failed) to 100 (passed). */
  readonly response: number;
  /** A file that says why, and its keccak256. */
  readonly uri?: string;
  readonly fileHash?: Hex;
  readonly tag?: string;
}

/**
 * Answers a validation request (ERC-8004); by the validator that was asked, any number of times: the latest counts.
 *
 * Throws `RevertedError`: `ValidationNotValidator`, `ValidationRequestUnknown`, `ValidationResponseTooLarge`.
 * @example
 * ```ts
 * await respondToValidation(client, { requestHash, response: 100, tag: "reproduced" });
 * ```
 */
export function respondToValidation(
  client: AllotCore,
  parameters: RespondToValidationParameters,
): Promise<WriteResult> {
  const { requestHash, response, uri = "", fileHash = zeroHash, tag = "", gas } = parameters;
  const args = [requestHash, response, uri, fileHash, tag] as const;
  const data = encodeFunctionData({ abi: validationRegistryAbi, functionName: "validationResponse", args });
  return sendTransaction(client, { to: client.allot.rules.validationRegistry, data, gas });
}
