// Who may connect: the validators that were admitted, each known by its peer key; and who may not for a while.
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { peerBanMaxMs, peerBanMinMs, peerFaultsPerMinuteMax } from "../config/limits.ts";
import type { Hex, PeerIndex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import { bytesOf } from "../types/hex.ts";

/** Another validator, as the network knows it. */
export interface PeerDescription {
  readonly index: PeerIndex;
  readonly name: string;
  /** secp256k1, 33 bytes compressed. */
  readonly peerKey: Hex;
  /** Multiaddrs without the /p2p part. */
  readonly addresses: readonly string[];
}

export interface Peer {
  readonly index: PeerIndex;
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
  readonly #byId = new Map<string, Peer>();
  readonly #described = new Map<PeerIndex, string>();
  readonly #records = new Map<PeerIndex, Record>();
  readonly #now: () => number;

  /** @param now milliseconds of a monotonic clock @throws AllotError BAD_PEER */
  constructor(descriptions: readonly PeerDescription[], now: () => number = () => performance.now()) {
    this.#now = now;
    this.update(descriptions, (error) => {
      throw error;
    });
  }

  get peers(): readonly Peer[] {
    return [...this.#byId.values()];
  }

  /**
   * Takes up who is new, and who is reached at other addresses. Nobody is ever forgotten.
   * @param refuse is told of each description that cannot be used
   * @returns those that are new or different
   */
  update(descriptions: readonly PeerDescription[], refuse: (error: AllotError) => void): readonly Peer[] {
    const changed: Peer[] = [];
    for (const description of descriptions) {
      const text = `${description.peerKey} ${description.addresses.join(" ")}`;
      if (this.#described.get(description.index) === text) continue;
      this.#described.set(description.index, text);
      try {
        const peer = peerOf(description);
        this.#byId.set(peer.id.toString(), peer);
        changed.push(peer);
      } catch (error) {
        if (!(error instanceof AllotError)) throw error;
        refuse(error);
      }
    }
    return changed;
  }

  byId(id: PeerId): Peer | undefined {
    return this.#byId.get(id.toString());
  }

  /** Known, and not shut out at the moment. */
  admits(id: PeerId): boolean {
    const peer = this.byId(id);
    return peer !== undefined && this.bannedForMs(peer.index) === 0;
  }

  bannedForMs(index: PeerIndex): number {
    return Math.max(0, (this.#records.get(index)?.bannedUntil ?? 0) - this.#now());
  }

  /** Shuts the peer out, each time for twice as long as the last. */
  ban(index: PeerIndex): void {
    const record = this.#record(index);
    record.bannedUntil = this.#now() + record.banMs;
    record.banMs = Math.min(2 * record.banMs, peerBanMaxMs);
  }

  /** Counts a fault that alone is no reason to part; true when there were too many within a minute. */
  countFault(index: PeerIndex): boolean {
    const record = this.#record(index);
    const now = this.#now();
    if (now - record.faultsSince > minuteMs) {
      record.faults = 0;
      record.faultsSince = now;
    }
    record.faults++;
    return record.faults > peerFaultsPerMinuteMax;
  }

  #record(index: PeerIndex): Record {
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
