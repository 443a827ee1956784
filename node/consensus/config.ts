// What a core is created with; it never changes while the core lives.
import {
  blocksPerMessageMax,
  certificatesPerMessageMax,
  executionMismatchesMax,
  forkRoundsMax,
  forkRoundsMin,
  futureViewsMax,
  pastViewsMax,
  uncommittedBlocksMax,
} from "../config/limits.ts";
import type { Address, Epoch, Height, ValidatorIndex, View } from "../types/brands.ts";
import type { CertificateScheme } from "../types/certificateScheme.ts";
import type { EpochBase } from "../types/epochBase.ts";
import type { ConsensusParameters } from "../types/genesis.ts";

export interface ConsensusLimits {
  /** Votes for views further ahead than this are dropped. Certificates count for any view. */
  readonly futureViewsMax: number;
  /** Views below the current one whose votes stay in memory, for evidence and for answering. */
  readonly pastViewsMax: number;
  /** Certificates in one message or justification: the one count that requester and responder share. */
  readonly certificatesPerMessageMax: number;
  /** Blocks asked for in one message. */
  readonly blocksPerMessageMax: number;
  /** Blocks above the committed tip that are kept while they wait for execution or finality. */
  readonly uncommittedBlocksMax: number;
  /** Refusals in a row of proposals because their parent's result differs from mine, before an alarm. */
  readonly executionMismatchesMax: number;
  /** Rounds, one each retryIntervalMs, in which a node that saw a fork tells the others before it stops; and at most,
   * while it still lacks the evidence against all culprits. */
  readonly forkRoundsMin: number;
  readonly forkRoundsMax: number;
}

export interface ConsensusConfig {
  readonly chainId: number;
  readonly epoch: Epoch;
  /** View v is led by validators[(v − epochStartView) mod n]; 0 in the first epoch, otherwise base.view + 1. */
  readonly epochStartView: View;
  /** What the epoch starts from: genesis, or the last block of the epoch before. Final by definition. */
  readonly base: EpochBase;
  /** Height of the epoch's last block; undefined where the epoch lasts for ever. */
  readonly lastHeight: Height | undefined;
  /** Sorted ascending; the position is the ValidatorIndex. */
  readonly validators: readonly Address[];
  /** Own position; undefined on a node that only follows. */
  readonly self: ValidatorIndex | undefined;
  readonly parameters: ConsensusParameters;
  /** Longest encoding of a block's transactions; blocks above it are invalid. */
  readonly blockBytesMax: number;
  readonly blockTransactionsMax: number;
  readonly limits: ConsensusLimits;
  /** Injected, so that the core needs no cryptography: pure functions of their arguments. */
  readonly scheme: CertificateScheme;
}

export const defaultConsensusLimits: ConsensusLimits = {
  futureViewsMax,
  pastViewsMax,
  certificatesPerMessageMax,
  blocksPerMessageMax,
  uncommittedBlocksMax,
  executionMismatchesMax,
  forkRoundsMin,
  forkRoundsMax,
};
