// What a verifier knows by itself when it checks something offline: a network's genesis file, or its two ids. Nothing of
// it is taken from what is being checked.
import type { Command } from "commander";
import type { EvidenceContext } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { integerFlag } from "../flags.ts";
import { hashFlag } from "./values.ts";

export interface KnownNetworkFlags {
  readonly genesis?: string;
  readonly chainId?: number;
  readonly networkId?: `0x${string}`;
}

export const takesKnownNetwork = (command: Command): Command =>
  command
    .option("--genesis <file>", "the network's genesis.json, from whom you trust")
    .option("--chain-id <number>", "instead: its chain id ...", integerFlag("--chain-id", 1, 0xffff_ffff))
    .option("--network-id <hex>", "... and its network id", hashFlag("--network-id"));

/** @throws AllotError NETWORK_UNKNOWN, or what the genesis file has wrong */
export async function knownNetwork({ genesis, chainId, networkId }: KnownNetworkFlags): Promise<EvidenceContext> {
  if (genesis !== undefined) {
    const { readGenesis } = await import("../../genesis/readGenesis.ts");
    const { validatorSetOfGenesis } = await import("../../../sdk/index.ts");
    const read = readGenesis(genesis);
    const { SealedBidTender, JobEscrow, CapabilityResolver, EAS } = read.contracts;
    const contracts = [SealedBidTender, JobEscrow, CapabilityResolver].filter((one) => one !== undefined);
    return {
      chainId: read.chainId,
      networkId: read.networkId,
      ...(contracts.length === 0 ? {} : { contracts }),
      ...(EAS === undefined ? {} : { eas: EAS }),
      validatorSet: validatorSetOfGenesis(read),
    };
  }
  if (chainId !== undefined && networkId !== undefined) return { chainId, networkId };
  const message = "name the network that counts: --genesis genesis.json, or --chain-id and --network-id";
  throw new AllotError("NETWORK_UNKNOWN", {}, message);
}
