// What every validator of a new network starts from.
import { randomBytes } from "node:crypto";
import { checkValue } from "../config/jsonFile.ts";
import { Digest } from "../types/brands.ts";
import type { ConsensusParameters, ExecutionParameters, Genesis, GenesisValidator } from "../types/genesis.ts";
import type { Founding } from "./founding.ts";
import { genesisSchema } from "./genesisSchema.ts";
import type { RulesPace } from "./rulesParameters.ts";
import { rulesState } from "./rulesState.ts";
import type { SeatEntry } from "./seatEntry.ts";

export interface NewNetwork {
  readonly chainId: number;
  readonly networkId: Digest;
  readonly timestampMs: number;
  /** In any order. */
  readonly validators: readonly GenesisValidator[];
  readonly consensus: ConsensusParameters;
  readonly execution: ExecutionParameters;
  /** Accounts beside the rules, for example with a balance. */
  readonly accounts: Genesis["alloc"];
  /** Undefined makes a bare network: a plain EVM without a market, where everybody may send. */
  readonly rules: { readonly founding: Founding; readonly pace: RulesPace } | undefined;
}

export const randomNetworkId = (): Digest => Digest(`0x${randomBytes(32).toString("hex")}`);

/** The validators of these entries; organisations count from 1 in the order of their first appearance. */
export function validatorsOf(entries: readonly SeatEntry[]): readonly GenesisValidator[] {
  const organisations = [...new Set(entries.map((entry) => entry.organisation))];
  return entries.map(({ name, address, peerKey, addresses, organisation }) => ({
    name,
    address,
    peerKey,
    addresses,
    organisation: organisations.indexOf(organisation) + 1,
  }));
}

/**
 * The content of genesis.json, checked as a reader will check it.
 * @throws AllotError BAD_VALUE for a network that cannot be, GENESIS_EXECUTION_FAILED when the rules refuse it
 */
export async function newGenesis(network: NewNetwork): Promise<Genesis> {
  const { rules, accounts, ...rest } = network;
  // The leaders' order.
  const validators = [...network.validators].sort((a, b) => (a.address < b.address ? -1 : 1));
  const bare = checkValue("genesis", genesisSchema, {
    version: 1,
    ...rest,
    validators,
    contracts: {},
    alloc: accounts,
  });
  return rules === undefined ? bare : { ...bare, ...(await rulesState(bare, rules)) };
}
