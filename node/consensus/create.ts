import { AllotError } from "../types/errors.ts";
import type { ConsensusParameters } from "../types/genesis.ts";
import type { ConsensusConfig } from "./config.ts";
import { type ConsensusState, createState } from "./state.ts";

/** Least time that building, sending and checking a block is given between blockIntervalMs and the leader timeout. */
const proposalMarginMs = 200;

/**
 * A core that waits for `start`.
 * @throws AllotError UNWORKABLE_TIMEOUTS
 */
export function createConsensus(config: ConsensusConfig): ConsensusState {
  requireWorkable(config.parameters);
  return createState(config);
}

/** "At start, check blockInterval + build + gossip + 2Δ < tL < tA and refuse a configuration that cannot work." */
export function requireWorkable(parameters: ConsensusParameters): void {
  const { blockIntervalMs, leaderTimeoutMs, notarizationTimeoutMs, maxTimeoutMs } = parameters;
  const workable =
    blockIntervalMs + proposalMarginMs < leaderTimeoutMs &&
    leaderTimeoutMs < notarizationTimeoutMs &&
    notarizationTimeoutMs <= maxTimeoutMs;
  if (workable) return;
  throw new AllotError(
    "UNWORKABLE_TIMEOUTS",
    { blockIntervalMs, proposalMarginMs, leaderTimeoutMs, notarizationTimeoutMs, maxTimeoutMs },
    `The timeouts in the genesis file cannot work: blockIntervalMs + ${proposalMarginMs} must be below leaderTimeoutMs, that below notarizationTimeoutMs, and that at most maxTimeoutMs.`,
  );
}
