import { encodeDeployData } from "viem";
import { genesisAddresses } from "../../contracts/deploy/genesisAddresses.ts";
import { deploymentPlan } from "../../contracts/deploy/plan.ts";
import { Address } from "../types/brands.ts";
import type { Genesis } from "../types/genesis.ts";
import { artifactReader } from "./artifacts.ts";
import type { Founding } from "./founding.ts";
import { type Creation, genesisState } from "./genesisState.ts";
import { inclusionSeconds } from "./inclusionTime.ts";
import { type RulesPace, rulesParameters } from "./rulesParameters.ts";

/** The rules as they stand at height 0. */
export interface RulesState {
  /** Addresses by contract name. */
  readonly contracts: Readonly<Record<string, Address>>;
  readonly alloc: Genesis["alloc"];
}

/** msg.sender of the constructors; nobody has its key, and no rule gives it a right. */
export const genesisCreator = Address("0x00000000000000000000000000000000a1107000");

/** Executes the rules' deployment plan at the fixed addresses, beside the accounts of a bare genesis. */
export async function rulesState(
  network: Genesis,
  { founding, pace }: { readonly founding: Founding; readonly pace: RulesPace },
): Promise<RulesState> {
  const { consensus, execution, validators } = network;
  const orderedWithin = inclusionSeconds({ consensus, execution, validators: validators.length });
  const parameters = rulesParameters(network.networkId, pace, orderedWithin, consensus.epochBlocks);
  const artifactOf = artifactReader();
  const present = { ...founding, validators: network.validators };
  const creations = deploymentPlan(genesisAddresses, parameters, present).map(({ name, args }): Creation => {
    const { abi, bytecode } = artifactOf(name);
    return { name, address: Address(genesisAddresses[name]), code: encodeDeployData({ abi, bytecode, args }), abi };
  });
  const alloc = await genesisState({
    chainId: network.chainId,
    timestampMs: network.timestampMs,
    creator: genesisCreator,
    accounts: network.alloc,
    creations,
    calls: [],
  });
  return { contracts: Object.fromEntries(creations.map(({ name, address }) => [name, address])), alloc };
}
