// Parameters of new networks. A network's own stand in its genesis.json, and are the same on every validator.
import type { ConsensusParameters, ExecutionParameters } from "../types/genesis.ts";

/** For validators on several machines, up to 150 ms apart. */
export const wideAreaConsensus: ConsensusParameters = {
  blockIntervalMs: 200,
  leaderTimeoutMs: 2_000,
  notarizationTimeoutMs: 3_000,
  retryIntervalMs: 1_000,
  maxTimeoutMs: 60_000,
  heartbeatMs: 10_000,
  maxDriftMs: 1_000,
  maxStepMs: 60_000,
  skipInactiveViews: 3,
  epochBlocks: 10_000,
};

/** For validators on one machine: blocks as soon as there is something to order. The timeouts stay long enough for a
 * machine with fewer cores than validators. */
export const localConsensus: ConsensusParameters = {
  blockIntervalMs: 10,
  leaderTimeoutMs: 1_000,
  notarizationTimeoutMs: 1_500,
  retryIntervalMs: 500,
  maxTimeoutMs: 10_000,
  heartbeatMs: 5_000,
  maxDriftMs: 1_000,
  maxStepMs: 60_000,
  skipInactiveViews: 3,
  epochBlocks: 100,
};

export const defaultExecution: ExecutionParameters = {
  blockGasLimit: 60_000_000,
  // EIP-7825's cap: no single transaction can take a block for itself.
  transactionGasLimitMax: 16_777_216,
  blockBytesMax: 1_048_576,
  blockTransactionsMax: 4_000,
  senderTransactionsPerBlockMax: 256,
};

/** Chain id of a new network unless another is asked for. What keeps networks apart is the random networkId. */
export const defaultChainId = 31_107;
