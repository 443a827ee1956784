import { logQueryBlocksMax, logQueryResultsMax, logSliceBlocksMax } from "../config/limits.ts";
import type { ChainReader, LocatedLog, LogFilter } from "../execution/chainReader.ts";
import { Height } from "../types/brands.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";

/** `ChainReader.logs` in slices, so that votes are handled in between: a wide range takes longer than a leader has. */
export async function queryLogs(chain: ChainReader, filter: LogFilter): Promise<LocatedLog[]> {
  const span = filter.toHeight - filter.fromHeight + 1;
  if (span > logQueryBlocksMax) {
    throw new RpcError(
      serverErrorCode,
      `a log query may span ${logQueryBlocksMax} blocks, not ${span}; ask for a shorter range`,
    );
  }
  const found: LocatedLog[] = [];
  for (let from = filter.fromHeight as number; from <= filter.toHeight; from += logSliceBlocksMax) {
    if (from > filter.fromHeight) await new Promise((resolve) => setImmediate(resolve));
    const toHeight = Height(Math.min(from + logSliceBlocksMax - 1, filter.toHeight));
    found.push(...chain.logs({ ...filter, fromHeight: Height(from), toHeight }));
    if (found.length > logQueryResultsMax) {
      throw new RpcError(
        serverErrorCode,
        `a log query answers with at most ${logQueryResultsMax} logs; ask for a shorter range or fewer topics`,
      );
    }
  }
  return found;
}
