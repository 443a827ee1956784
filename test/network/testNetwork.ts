// Validators of a small network on real sockets of this machine, each with a recording handler.
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Registry } from "prom-client";
import { derivePeerKey, peerPublicKey } from "../../node/crypto/peerKey.ts";
import { silentLog } from "../../node/log.ts";
import { Network, type NetworkHandler } from "../../node/network/network.ts";
import { networkMetrics } from "../../node/network/networkMetrics.ts";
import type { PeerDescription } from "../../node/network/peerBook.ts";
import { Digest, PeerIndex } from "../../node/types/brands.ts";
import { newestWireVersion, type WireVersion } from "../../node/types/wireVersion.ts";

export const networkId = Digest(`0x${"5a".repeat(32)}`);
export const frameBytesMax = 1024 * 1024;

export interface Received {
  readonly from: PeerIndex;
  readonly payload: Uint8Array;
}

export class TestValidator {
  readonly index: PeerIndex;
  readonly peerKey: Uint8Array;
  readonly port: number;
  readonly frames: Received[] = [];
  readonly transactions: Received[] = [];
  readonly registry = new Registry();
  network: Network;
  onFrame: (from: PeerIndex, payload: Uint8Array) => void = (from, payload) => this.frames.push({ from, payload });

  /** What the network has logged as warnings. */
  readonly warnings: string[] = [];

  constructor(
    index: number,
    peerKey: Uint8Array,
    port: number,
    peers: readonly PeerDescription[],
    wireVersionMax: WireVersion = newestWireVersion,
  ) {
    this.index = PeerIndex(index);
    this.peerKey = peerKey;
    this.port = port;
    const handler: NetworkHandler = {
      frame: (from, payload) => this.onFrame(from, payload),
      transactions: (from, payloads) => this.transactions.push(...payloads.map((payload) => ({ from, payload }))),
      connected: () => undefined,
      disconnected: () => undefined,
    };
    this.network = new Network({
      chainId: 31337,
      networkId,
      self: this.index,
      peerKey,
      peers: peers.filter((peer) => peer.index !== index),
      listen: [`/ip4/127.0.0.1/tcp/${port}`],
      wireVersionMax,
      frameBytesMax,
      handler,
      metrics: networkMetrics(this.registry),
      log: { ...silentLog, warn: (_, message) => void this.warnings.push(message) },
    });
  }

  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const values = (await this.registry.getSingleMetric(name)?.get())?.values ?? [];
    return values
      .filter((value) => Object.entries(labels).every(([key, label]) => value.labels[key] === label))
      .reduce((sum, { value }) => sum + value, 0);
  }
}

export interface TestNetwork {
  readonly peers: readonly PeerDescription[];
  readonly keys: readonly Uint8Array[];
  /** A validator that has not started; several with one index are allowed, one after the other. */
  validator(index: number, wireVersionMax?: WireVersion): TestValidator;
}

/** @param ports one for each validator */
export function testNetwork(ports: readonly number[]): TestNetwork {
  const keys = ports.map(() => derivePeerKey(randomBytes(32)));
  const peers = keys.map((key, i) => ({
    index: PeerIndex(i),
    name: `validator-${i}`,
    peerKey: peerPublicKey(key),
    addresses: [`/ip4/127.0.0.1/tcp/${ports[i]}`],
  }));
  return {
    peers,
    keys,
    validator: (index, wireVersionMax) =>
      new TestValidator(index, keys[index] as Uint8Array, ports[index] as number, peers, wireVersionMax),
  };
}

/** Waits until `condition` holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 45_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(10);
  }
}
