import type { Address, Hex } from "viem";
import type { Genesis } from "../../node/types/genesis.ts";
import { ruleAddresses } from "../contracts.ts";
import type { Network } from "../typedData/domain.ts";

/**
 * All that a verifier has to trust: who the validators of one network and epoch are, and where its TaskMarket stands.
 * It comes from the genesis file or from an earlier certificate, never from whoever shows a certificate.
 */
export interface ValidatorSet extends Network {
  readonly epoch: number;
  /** In ascending order: the position is the validator's index. */
  readonly validators: readonly Address[];
  /** The fixed address of all Allot networks unless given. */
  readonly taskMarket?: Address;
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
    taskMarket: genesis.contracts.TaskMarket ?? ruleAddresses.taskMarket,
  };
}
