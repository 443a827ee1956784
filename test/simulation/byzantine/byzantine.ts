import type { ValidatorIndex } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { Random } from "../random.ts";

/** An adversary that holds a validator's key: an honest core runs inside it, and every message passes through it. */
export interface Byzantine {
  /** What the peer `to` is sent in place of `message`: anything, nothing, more. */
  outgoing(message: PeerMessage, self: ValidatorIndex, to: ValidatorIndex, validators: number): readonly PeerMessage[];

  /** The same while its key has no seat in the set; `message` unless it says otherwise. */
  unseated?(message: PeerMessage): readonly PeerMessage[];

  /** How long the message is held back before it leaves. */
  delayMs?(message: PeerMessage): number;

  /** Bytes sent beside `message` that need not be a message at all. */
  frames?(message: PeerMessage, random: Random): readonly Uint8Array[];
}
