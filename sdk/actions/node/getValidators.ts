import type { Address, Hex } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import { requestAllot } from "./request.ts";

export interface Validators {
  readonly chainId: number;
  readonly networkId: Hex;
  readonly epoch: number;
  /** Signatures that make a certificate. */
  readonly quorum: number;
  /** In ascending order of address. */
  readonly validators: readonly {
    readonly index: number;
    readonly name: string;
    readonly address: Address;
    readonly peerKey: Hex;
    readonly addresses: readonly string[];
    readonly organisation: number;
  }[];
}

export interface GetValidatorsParameters {
  /** The current one unless given. */
  readonly epoch?: number;
}

/**
 * The validator set of an epoch, as the node that answers says. To verify certificates offline, take the set from the
 * genesis file (`validatorSetOfGenesis`): a node could name other validators.
 * @example
 * ```ts
 * const { quorum, validators } = await getValidators(client);
 * ```
 */
export const getValidators = (client: AllotCore, { epoch }: GetValidatorsParameters = {}): Promise<Validators> =>
  requestAllot(client, "allot_getValidators", epoch === undefined ? [] : [epoch]);
