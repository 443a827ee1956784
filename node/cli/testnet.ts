// The folders of a new network: one per validator, ready to be started here or carried to its machine.
import { rmSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import type { NewNetwork } from "../genesis/newNetwork.ts";
import { newGenesis } from "../genesis/newNetwork.ts";
import type { SeatEntry } from "../genesis/seatEntry.ts";
import type { Genesis } from "../types/genesis.ts";
import { createSeat, joinNetwork, requireEmptyFolder, type Seat } from "./seat.ts";

export interface Testnet {
  readonly genesis: Genesis;
  readonly validators: readonly { readonly entry: SeatEntry; readonly directory: string }[];
}

/** /ip4, /ip6 or /dns multiaddr of a host. */
export function multiaddrOf(host: string, port: number): string {
  const kind = isIPv4(host) ? "ip4" : isIPv6(host) ? "ip6" : "dns";
  return `/${kind}/${host}/tcp/${port}`;
}

/** Validators that share this machine: ports count up. */
export function localSeats(p2pPorts: readonly number[], rpcPorts: readonly number[]): readonly Seat[] {
  return p2pPorts.map((port, i) => ({
    name: `validator-${i}`,
    organisation: `organisation-${i}`,
    addresses: [multiaddrOf("127.0.0.1", port)],
    config: { rpcPort: rpcPorts[i] ?? 0 },
  }));
}

/** Validators with a machine each: the same ports everywhere, listening on every interface. */
export function hostSeats(hosts: readonly string[], p2pPort: number, rpcPort: number): readonly Seat[] {
  return hosts.map((host, i) => ({
    name: `validator-${i}`,
    organisation: `organisation-${i}`,
    addresses: [multiaddrOf(host, p2pPort)],
    config: { listenAddresses: [`/ip4/0.0.0.0/tcp/${p2pPort}`], rpcPort },
  }));
}

/**
 * Makes OUTPUT/<name> for every seat: keys, configuration, genesis.
 * @throws AllotError FOLDER_NOT_EMPTY, or for a seat or network that cannot be
 */
export async function createTestnet(
  output: string,
  seats: readonly Seat[],
  networkFor: (entries: readonly SeatEntry[]) => NewNetwork,
  passphrase?: string,
): Promise<Testnet> {
  requireEmptyFolder(output);
  try {
    const validators = seats.map((seat) => {
      const directory = join(output, seat.name);
      return { directory, entry: createSeat(directory, seat, passphrase) };
    });
    const genesis = await newGenesis(networkFor(validators.map(({ entry }) => entry)));
    for (const { directory, entry } of validators) await joinNetwork(directory, genesis, entry.address);
    return { genesis, validators };
  } catch (error) {
    // It was empty before: a half-made network would only be in the way of the next attempt.
    rmSync(output, { recursive: true, force: true });
    throw error;
  }
}
