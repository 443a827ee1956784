// How long a window of the market must be so that what is sent within it is ordered within it, although f validators in a
// row do nothing but obstruct. docs/windows.md derives it; new networks take the result as the least of such windows.
import { mempoolBytesMax, mempoolTransactionsMax } from "../config/limits.ts";
import type { Genesis } from "../types/genesis.ts";
import { faultyMax } from "../types/quorum.ts";

/** What the bound follows from. */
export type InclusionFacts = Pick<Genesis, "consensus" | "execution"> & {
  /** Size of the validator set. */
  readonly validators: number;
};

/** Gas of an ordinary transaction in the backlog: a commitment's. */
const backlogTransactionGas = 100_000;
/** Block times are whole seconds to the contracts. */
const secondMs = 1_000;

/** Least window, in seconds, that guarantees inclusion: one within which an honest leader orders the transaction. */
export function inclusionSeconds(facts: InclusionFacts): bigint {
  const { consensus } = facts;
  const blocks = backlogBlocks(facts.execution) + 1;
  const honest = facts.validators - faultyMax(facts.validators);
  const rounds = Math.ceil(blocks / honest);
  const orderingMs = rounds * obstructedMs(facts) + blocks * consensus.leaderTimeoutMs;
  // The window may have been opened by a block whose time lies behind the clock: by a heartbeat and the view's own time.
  const openingMs = consensus.heartbeatMs + consensus.notarizationTimeoutMs;
  // Sent to one validator, it reaches the others by gossip; lost on a broken link, it is sent again.
  const gossipMs = consensus.retryIntervalMs + consensus.leaderTimeoutMs;
  const clocksMs = 2 * consensus.maxDriftMs + secondMs;
  return BigInt(Math.ceil((orderingMs + openingMs + gossipMs + clocksMs) / secondMs));
}

/** Time that f faulty leaders in a row can waste: each its view's longer timeout, which doubles from view to view. */
function obstructedMs({ consensus, validators }: InclusionFacts): number {
  let total = 0;
  for (let view = 0; view < faultyMax(validators); view++) {
    total += Math.min(consensus.notarizationTimeoutMs * 2 ** view, consensus.maxTimeoutMs);
  }
  return total;
}

/** Full blocks that a mempool full of ordinary transactions makes. */
function backlogBlocks(execution: InclusionFacts["execution"]): number {
  const byCount = mempoolTransactionsMax / execution.blockTransactionsMax;
  const byBytes = mempoolBytesMax / execution.blockBytesMax;
  const byGas = (mempoolTransactionsMax * backlogTransactionGas) / execution.blockGasLimit;
  return Math.ceil(Math.max(byCount, byBytes, byGas));
}
