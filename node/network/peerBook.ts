// Who may connect: the validators of genesis, each known by its peer key; and who may not for a while.
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { peerBanMaxMs, peerBanMinMs, peerFaultsPerMinuteMax } from "../config/limits.ts";
import type { Hex, ValidatorIndex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import { bytesOf } from "../types/hex.ts";

/** Another validator, as the network knows it. */
export interface PeerDescription {
  readonly index: ValidatorIndex;
  readonly name: string;
  /** secp256k1, 33 bytes compressed. */
  readonly peerKey: Hex;
  /** Multiaddrs without the /p2p part. */
  readonly addresses: readonly string[];
}

export interface Peer {
  readonly index: ValidatorIndex;
  readonly name: string;
  readonly id: PeerId;
  /** With the /p2p part: whoever answers there with another key is not the peer. */
  readonly addresses: readonly Multiaddr[];
}

interface Record {
  bannedUntil: number;
  banMs: number;
  faults: number;
  faultsSince: number;
}

const minuteMs = 60_000;

export class PeerBook {
  readonly peers: readonly Peer[];
  readonly #byId: ReadonlyMap<string, Peer>;
  readonly #records = new Map<ValidatorIndex, Record>();
  readonly #now: () => number;

  /** @param now milliseconds of a monotonic clock @throws AllotError BAD_PEER */
  constructor(descriptions: readonly PeerDescription[], now: () => number = () => performance.now()) {
    this.#now = now;
    this.peers = descriptions.map(peerOf);
    this.#byId = new Map(this.peers.map((peer) => [peer.id.toString(), peer]));
  }

  byId(id: PeerId): Peer | undefined {
    return this.#byId.get(id.toString());
  }

  /** Known, and not shut out at the moment. */
  admits(id: PeerId): boolean {
    const peer = this.byId(id);
    return peer !== undefined && this.bannedForMs(peer.index) === 0;
  }

  bannedForMs(index: ValidatorIndex): number {
    return Math.max(0, (this.#records.get(index)?.bannedUntil ?? 0) - this.#now());
  }

  /** Shuts the peer out, each time for twice as long as the last. */
  ban(index: ValidatorIndex): void {
    const record = this.#record(index);
    record.bannedUntil = this.#now() + record.banMs;
    record.banMs = Math.min(2 * record.banMs, peerBanMaxMs);
  }

  /** Counts a fault that alone is no reason to part; true when there were too many within a minute. */
  countFault(index: ValidatorIndex): boolean {
    const record = this.#record(index);
    const now = this.#now();
    if (now - record.faultsSince > minuteMs) {
      record.faults = 0;
      record.faultsSince = now;
    }
    record.faults++;
    return record.faults > peerFaultsPerMinuteMax;
  }

  #record(index: ValidatorIndex): Record {
    const known = this.#records.get(index);
    if (known !== undefined) return known;
    const record = { bannedUntil: 0, banMs: peerBanMinMs, faults: 0, faultsSince: this.#now() };
    this.#records.set(index, record);
    return record;
  }
}

function peerOf(description: PeerDescription): Peer {
  const { index, name, peerKey, addresses } = description;
  try {
    const id = peerIdFromPublicKey(publicKeyFromRaw(bytesOf(peerKey)));
    return { index, name, id, addresses: addresses.map((address) => multiaddr(`${address}/p2p/${id}`)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = `validator ${name}: its peer key or an address cannot be used: ${reason}; correct genesis.json or peerAddresses`;
    throw new AllotError("BAD_PEER", { name, peerKey, reason }, text, { cause });
  }
}
