import type { Address, Hex } from "viem";
import type { Genesis } from "../../node/types/genesis.ts";
import { ruleAddresses } from "../contracts.ts";
import { CertificateError } from "../errors/certificateError.ts";
import type { Network } from "../typedData/domain.ts";

/**
 * All that a verifier has to trust: who the validators of one network and epoch are, and where its TaskMarket stands.
 * It comes from the genesis file or from an earlier certificate, never from whoever shows a certificate.
 */
export interface ValidatorSet extends Network {
  readonly epoch: number;
  /** In ascending order: the position is the validator's index. */
  readonly validators: readonly Address[];
  /** Blocks in an epoch; 0 for one epoch that lasts for ever. */
  readonly epochBlocks: number;
  /** The fixed address of all Allot networks unless given. */
  readonly taskMarket?: Address;
  /** The same. */
  readonly validatorRegistry?: Address;
}

/** Height of the last block of the set's epoch; undefined where it lasts for ever. */
export const lastHeightOf = ({ epoch, epochBlocks }: ValidatorSet): number | undefined =>
  epochBlocks === 0 ? undefined : (epoch + 1) * epochBlocks;

/** Blocks behind an epoch's last one carry that one to finality and are discarded: they prove nothing. */
export function requireOfEpoch({ height }: { readonly height: number }, set: ValidatorSet): void {
  const last = lastHeightOf(set);
  if (height > set.epoch * set.epochBlocks && (last === undefined || height <= last)) return;
  throw new CertificateError(
    "CERTIFICATE_DISCARDED_BLOCK",
    "The signed block does not lie within its epoch: it was discarded when the next epoch began, and proves nothing.",
    { facts: { height, epoch: set.epoch, lastHeight: last } },
  );
}

/**
 * The first epoch's set, from a network's genesis file.
 * @example
 * ```ts
 * const validatorSet = validatorSetOfGenesis(JSON.parse(await readFile("genesis.json", "utf8")));
 * ```
 */
export function validatorSetOfGenesis(genesis: Genesis): ValidatorSet {
  return {
    chainId: genesis.chainId,
    networkId: genesis.networkId,
    epoch: 0,
    validators: genesis.validators.map((validator) => validator.address.toLowerCase() as Hex).sort(),
    epochBlocks: genesis.consensus.epochBlocks,
    taskMarket: genesis.contracts.TaskMarket ?? ruleAddresses.taskMarket,
    validatorRegistry: genesis.contracts.ValidatorRegistry ?? ruleAddresses.validatorRegistry,
  };
}
