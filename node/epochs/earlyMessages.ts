// What others say in the next epoch while this node still commits the last block of its own: kept for the moment it
// follows, or its first view would pass without it.
import { earlyMessagesBytesMax, earlyMessagesPerPeerMax } from "../config/limits.ts";
import type { PeerIndex } from "../types/brands.ts";
import { heldBytes } from "../types/heldBytes.ts";
import type { PeerMessage } from "../types/message.ts";

export interface EarlyMessage {
  readonly from: PeerIndex;
  readonly message: PeerMessage;
  /** Length of the frame that it came in. */
  readonly frameBytes: number;
}

/** Bounded: past the limits what comes is left to the other's repetition. */
export class EarlyMessages {
  #kept: EarlyMessage[] = [];
  #bytes = 0;

  keep(early: EarlyMessage): void {
    const bytes = heldBytes(early.message, early.frameBytes);
    const ofPeer = this.#kept.filter(({ from }) => from === early.from).length;
    if (ofPeer >= earlyMessagesPerPeerMax || this.#bytes + bytes > earlyMessagesBytesMax) return;
    this.#kept.push(early);
    this.#bytes += bytes;
  }

  /** Takes all of them out, in the order in which they came. */
  take(): readonly EarlyMessage[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#bytes = 0;
    return kept;
  }
}
