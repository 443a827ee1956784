// Four validators that reach each other only through proxies, one for each direction in which a connection is made.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../node/cli/ports.ts";
import { writeJson } from "../../node/cli/seat.ts";
import { createTestnet, localSeats, multiaddrOf } from "../../node/cli/testnet.ts";
import { Cluster, networkFor } from "../integration/cluster.ts";
import { type LinkFaults, TcpProxy, wholeLink } from "./tcpProxy.ts";

const host = "127.0.0.1";
const validators = 4;

interface Link {
  readonly from: number;
  readonly to: number;
  readonly proxy: TcpProxy;
}

export class FaultyNetwork {
  readonly cluster: Cluster;
  readonly #links: readonly Link[];

  private constructor(cluster: Cluster, links: readonly Link[]) {
    this.cluster = cluster;
    this.#links = links;
  }

  static async start(logLevel?: string): Promise<FaultyNetwork> {
    const folder = mkdtempSync(join(tmpdir(), "allot-faulty-"));
    const ports = await freePorts(host, validators);
    const links: Link[] = [];
    for (const [from] of ports.entries()) {
      for (const [to, port] of ports.entries()) {
        if (from !== to) links.push({ from, to, proxy: await TcpProxy.listen(port) });
      }
    }
    const noRpcPort = ports.map(() => 0);
    const seats = localSeats(ports, noRpcPort).map((seat, from, all) => {
      const reached = links.filter((link) => link.from === from);
      const peerAddresses = Object.fromEntries(
        reached.map(({ to, proxy }) => [all[to]?.name, [multiaddrOf(host, proxy.port)]]),
      );
      return { ...seat, config: { ...seat.config, peerAddresses } };
    });
    await createTestnet(join(folder, "validators"), seats, networkFor);
    writeJson(join(folder, "devnet.json"), {
      version: 1,
      validators: seats.map(({ name }) => name),
      engine: "ethereumjs",
    });
    const level = logLevel === undefined ? {} : { logLevel };
    return new FaultyNetwork(await Cluster.start({ folder, ...level }), links);
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await Promise.all(this.#links.map(({ proxy }) => proxy.close()));
  }

  /** What every link does from now on; those for which nothing is said are whole. */
  set(faultsOf: (from: number, to: number) => Partial<LinkFaults> | undefined): void {
    for (const { from, to, proxy } of this.#links) proxy.faults = { ...wholeLink, ...faultsOf(from, to) };
  }

  /** Cuts every link between validators of different groups. */
  partition(groups: readonly number[]): void {
    this.set((from, to) => ({ isCut: groups[from] !== groups[to] }));
  }

  /** Ends one validator's connections: what was under way is lost. */
  disconnect(index: number): void {
    for (const { from, to, proxy } of this.#links) if (from === index || to === index) proxy.disconnect();
  }
}
