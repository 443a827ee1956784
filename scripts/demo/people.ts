// Everybody in the market, with fresh keys, and the founding of the network that admits them.
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { foundingOf } from "../../node/cli/newNetworkFlags.ts";
import type { Founding } from "../../node/genesis/founding.ts";
import { credit } from "../../node/genesis/rulesParameters.ts";
import type { SeatEntry } from "../../node/genesis/seatEntry.ts";
import { Address, type Hex } from "../../node/types/brands.ts";
import { equivocates, type Market } from "./marketFile.ts";

export interface Person {
  readonly name: string;
  readonly organisation: string;
  readonly address: Address;
  readonly privateKey: Hex;
  /** Credits at the start, in millionths. */
  readonly credits: bigint;
}

export interface People {
  readonly agents: readonly Person[];
  readonly requesters: readonly Person[];
  readonly evaluator: Person;
  readonly attester: Person;
  /** Watches for contradictory bids and reports them. */
  readonly watchdog: Person;
  /** Second accounts of the organisations whose agents equivocate, by the agents' names. */
  readonly relays: ReadonlyMap<string, Person>;
}

/** What an agent has beside its stake: enough for the bond of an objection. */
const pocket = 20n * credit;

export const everybody = (people: People): readonly Person[] => [
  ...people.agents,
  ...people.requesters,
  people.evaluator,
  people.attester,
  people.watchdog,
  ...people.relays.values(),
];

export function peopleOf(market: Market): People {
  const person = (name: string, organisation: string, credits: bigint): Person => {
    const privateKey = generatePrivateKey();
    return { name, organisation, privateKey, credits, address: Address(privateKeyToAddress(privateKey).toLowerCase()) };
  };
  const liars = market.agents.filter(({ behaviour }) => equivocates(behaviour));
  return {
    relays: new Map(liars.map(({ name, organisation }) => [name, person(`${name}-relay`, organisation, 0n)])),
    agents: market.agents.map((one) => person(one.name, one.organisation, one.stake + pocket)),
    requesters: market.requesters.map((one) => person(one.name, one.organisation, one.credits)),
    evaluator: person("evaluator", market.evaluator.organisation, 0n),
    attester: person("attester", "attestation-office", 0n),
    watchdog: person("watchdog", "market-watch", 0n),
  };
}

/** The validators' founding, and everybody in the market with an organisation and credits. */
export function foundingWithPeople(entries: readonly SeatEntry[], people: People): Founding {
  const seats = foundingOf(entries);
  const members = new Map<string, Address[]>();
  for (const { organisation, address } of everybody(people)) {
    members.set(organisation, [...(members.get(organisation) ?? []), address]);
  }
  return {
    ...seats,
    organisations: [...seats.organisations, ...[...members].map(([name, list]) => ({ name, members: list }))],
    credits: [
      ...seats.credits,
      ...everybody(people)
        .filter(({ credits }) => credits > 0n)
        .map(({ address, credits }) => ({ holder: address, amount: credits })),
    ],
    attesters: [people.attester.address],
  };
}
