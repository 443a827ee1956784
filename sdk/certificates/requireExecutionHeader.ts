import type { Hex } from "viem";
import type { ConsensusHeader } from "../../node/types/block.ts";
import { CertificateError } from "../errors/certificateError.ts";
import { decodeExecutionHeader, type ExecutionHeaderFields, hashOfExecutionHeader } from "./headers.ts";
import { equalHex } from "./provenStorage.ts";

/** The execution header that a signed consensus header commits to: that of the block before. */
export function requireExecutionHeader(header: ConsensusHeader, executionHeader: Hex): ExecutionHeaderFields {
  const computed = hashOfExecutionHeader(executionHeader);
  if (!equalHex(computed, header.parentExecutionHash)) {
    throw new CertificateError(
      "EXECUTION_HEADER_MISMATCH",
      "The execution header is not the one that the signed consensus header commits to.",
      { facts: { committed: header.parentExecutionHash, computed } },
    );
  }
  const execution = decodeExecutionHeader(executionHeader);
  if (execution === undefined || execution.height + 1 !== header.height) {
    throw new CertificateError("EXECUTION_HEADER_MALFORMED", "The execution header is not that of the block before.", {
      facts: { height: execution?.height, headerHeight: header.height },
    });
  }
  return execution;
}
