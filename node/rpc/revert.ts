import type { CallResult } from "../execution/engine.ts";
import { hexOf } from "../types/hex.ts";
import { RpcError, revertedCode, serverErrorCode } from "./rpcError.ts";

/** `Error(string)`, what `require` and `revert` with a text return. */
const errorSelector = "08c379a0";
/** `Panic(uint256)`, what the compiler's own checks return. */
const panicSelector = "4e487b71";
const reasonBytesMax = 1_024;

/** Ethereum's answer to a call that failed: code 3 with the returned bytes after a revert, −32000 otherwise. */
export function failedCall(result: CallResult): RpcError {
  if (result.error !== "revert") {
    return new RpcError(serverErrorCode, `execution failed: ${result.error ?? "for an unknown reason"}`);
  }
  const reason = reasonOf(Buffer.from(result.returnData));
  return new RpcError(
    revertedCode,
    reason === undefined ? "execution reverted" : `execution reverted: ${reason}`,
    hexOf(result.returnData),
  );
}

function reasonOf(data: Buffer): string | undefined {
  const selector = data.subarray(0, 4).toString("hex");
  if (selector === panicSelector && data.length >= 36) return `panic code 0x${data.subarray(35, 36).toString("hex")}`;
  if (selector !== errorSelector || data.length < 68) return undefined;
  const length = Number(BigInt(`0x${data.subarray(36, 68).toString("hex")}`));
  if (length > reasonBytesMax || data.length < 68 + length) return undefined;
  return data.subarray(68, 68 + length).toString("utf8");
}
