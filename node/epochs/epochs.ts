// Which heights belong to which epoch: epoch e ends with the block of height (e + 1) · epochBlocks, as
// contracts/governance/EpochSets.sol counts. With `epochBlocks` 0 the first epoch lasts for ever.
import { Epoch, Height } from "../types/brands.ts";

/** The epoch that a block of this height, not genesis, belongs to. */
export const epochOfHeight = (height: number, epochBlocks: number): Epoch =>
  Epoch(epochBlocks === 0 ? 0 : Math.floor((height - 1) / epochBlocks));

/** Height of the block that the epoch starts from: the last one of the epoch before, or genesis. */
export const baseHeightOf = (epoch: Epoch, epochBlocks: number): Height => Height(epoch * epochBlocks);

/** Height of the epoch's last block; undefined where it lasts for ever. */
export const lastHeightOf = (epoch: Epoch, epochBlocks: number): Height | undefined =>
  epochBlocks === 0 ? undefined : Height((epoch + 1) * epochBlocks);
