import { type ConsensusConfig, defaultConsensusLimits } from "./consensus/config.ts";
import { secp256k1Scheme } from "./crypto/secp256k1Scheme.ts";
import { Epoch, type ValidatorIndex, View } from "./types/brands.ts";
import { genesisDigest } from "./types/digests.ts";
import type { Genesis } from "./types/genesis.ts";

/** What the consensus core of validator `self` is created with: the first epoch of a network. */
export function consensusConfig(genesis: Genesis, self: ValidatorIndex): ConsensusConfig {
  const validators = genesis.validators.map((validator) => validator.address);
  return {
    chainId: genesis.chainId,
    epoch: Epoch(0),
    epochStartView: View(0),
    validators,
    self,
    genesisDigest: genesisDigest(genesis),
    parameters: genesis.consensus,
    blockBytesMax: genesis.execution.blockBytesMax,
    blockTransactionsMax: genesis.execution.blockTransactionsMax,
    limits: defaultConsensusLimits,
    scheme: secp256k1Scheme(genesis, validators),
  };
}
