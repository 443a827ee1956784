import type { ConsensusConfig } from "../../node/consensus/config.ts";
import { lastHeightOf } from "../../node/epochs/epochs.ts";
import { type Epoch, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { EpochBase } from "../../node/types/epochBase.ts";
import { addressOf } from "./machines.ts";

/** The configuration of a machine in an epoch, from that in the first one. */
export function configOfEpoch(
  first: ConsensusConfig,
  machine: number,
  epoch: Epoch,
  { digest, view, height }: EpochBase,
  members: readonly number[],
): ConsensusConfig {
  const seat = members.indexOf(machine);
  return {
    ...first,
    epoch,
    epochStartView: View(epoch === 0 ? 0 : view + 1),
    base: { digest, view, height },
    lastHeight: lastHeightOf(epoch, first.parameters.epochBlocks),
    validators: members.map(addressOf),
    self: seat < 0 ? undefined : ValidatorIndex(seat),
  };
}
