import { type ConsensusConfig, defaultConsensusLimits } from "./consensus/config.ts";
import { secp256k1Scheme } from "./crypto/secp256k1Scheme.ts";
import { lastHeightOf } from "./epochs/epochs.ts";
import { type Address, type Epoch, Height, ValidatorIndex, View } from "./types/brands.ts";
import { genesisDigest } from "./types/digests.ts";
import type { EpochBase } from "./types/epochBase.ts";
import type { Genesis } from "./types/genesis.ts";

export interface EpochStart {
  readonly epoch: Epoch;
  readonly base: EpochBase;
  /** The epoch's set, in ascending order. */
  readonly validators: readonly Address[];
}

/** What the first epoch starts from. */
export const genesisBase = (genesis: Genesis): EpochBase => ({
  digest: genesisDigest(genesis),
  view: View(0),
  height: Height(0),
});

/** What an epoch's consensus core is created with. @param address the own validator's; without a seat it only follows */
export function consensusConfig(
  genesis: Genesis,
  address: Address | undefined,
  { epoch, base, validators }: EpochStart,
): ConsensusConfig {
  const seat = address === undefined ? -1 : validators.indexOf(address);
  return {
    chainId: genesis.chainId,
    epoch,
    epochStartView: epoch === 0 ? View(0) : View(base.view + 1),
    base,
    lastHeight: lastHeightOf(epoch, genesis.consensus.epochBlocks),
    validators,
    self: seat < 0 ? undefined : ValidatorIndex(seat),
    parameters: genesis.consensus,
    blockBytesMax: genesis.execution.blockBytesMax,
    blockTransactionsMax: genesis.execution.blockTransactionsMax,
    limits: defaultConsensusLimits,
    scheme: secp256k1Scheme(genesis, validators),
  };
}
