// What a development network is founded with: the well-known accounts, each an organisation of its own with credits.
import { developmentAccounts } from "../genesis/developmentAccounts.ts";
import type { Founding } from "../genesis/founding.ts";
import type { NewNetwork } from "../genesis/newNetwork.ts";
import { credit } from "../genesis/rulesParameters.ts";
import type { SeatEntry } from "../genesis/seatEntry.ts";
import type { Address } from "../types/brands.ts";
import type { GenesisAccount } from "../types/genesis.ts";
import type { NetworkFlags } from "./networkFlags.ts";
import { foundingOf, networkOf } from "./newNetworkFlags.ts";

export const developmentAccountCount = 20;

const developmentCredits = 1_000_000n * credit;
/** 10,000 ether; worth nothing, gas is free. */
const developmentBalance = "0x21e19e0c9bab2400000";

/** The seats' founding with further accounts: each its own organisation, with credits; the first one governs alone. */
export function foundingWith(entries: readonly SeatEntry[], accounts: readonly Address[]): Founding {
  const seats = foundingOf(entries);
  const [governor] = accounts;
  return {
    organisations: [
      ...seats.organisations,
      ...accounts.map((member, i) => ({ name: `account-${i}`, members: [member] })),
    ],
    credits: [...seats.credits, ...accounts.map((holder) => ({ holder, amount: developmentCredits }))],
    operators: governor === undefined ? seats.operators : [governor],
    operatorQuorum: governor === undefined ? seats.operatorQuorum : 1,
    attesters: governor === undefined ? seats.attesters : [governor],
  };
}

/** A network with the development accounts, and whatever further `accounts` are named, funded and permitted. */
export function developmentNetwork(
  flags: NetworkFlags,
  entries: readonly SeatEntry[],
  accounts: readonly Address[] = [],
): NewNetwork {
  const all = [...developmentAccounts(developmentAccountCount).map(({ address }) => address), ...accounts];
  const balances: Record<Address, GenesisAccount> = {};
  for (const account of all) balances[account] = { balance: developmentBalance };
  return { ...networkOf(flags, entries, "local", foundingWith(entries, all)), accounts: balances };
}
