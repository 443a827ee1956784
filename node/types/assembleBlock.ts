import type { SealedBlock } from "./block.ts";
import { sealBlock } from "./blockCodec.ts";
import type { BuildRequest } from "./buildRequest.ts";

/**
 * The block that a `build` effect asks for.
 * @param transactions what the application wants in it; none when the request says `empty`
 * @param nowMs own wall clock: the block's time, as far as the request allows
 */
export function assembleBlock(request: BuildRequest, transactions: readonly Uint8Array[], nowMs: number): SealedBlock {
  const { justification, timestampMinMs, timestampMaxMs, empty, ...header } = request;
  const timestampMs = Math.min(Math.max(nowMs, timestampMinMs), timestampMaxMs);
  return sealBlock({ ...header, timestampMs }, empty ? [] : transactions, justification);
}
