// What waits to be taken by the consensus core. Answers to effects just carried out come first: a vote that has been
// signed should leave before anything new is looked at. Messages are counted for each peer, and a peer that has sent
// more than can be processed is no longer read from until there is room again: its sender waits, memory does not grow.
import { peerInboxBytesMax, peerInboxMessagesMax } from "./config/limits.ts";
import type { Input } from "./consensus/input.ts";
import type { PeerIndex, ValidatorIndex } from "./types/brands.ts";
import { heldBytes } from "./types/heldBytes.ts";
import type { PeerMessage } from "./types/message.ts";

export interface PeerReading {
  pause(peer: PeerIndex): void;
  resume(peer: PeerIndex): void;
}

type Queued =
  | { readonly input: Input }
  /** `bytes`: what it holds in memory. */
  | { readonly from: PeerIndex; readonly message: PeerMessage; readonly bytes: number };

export class InputQueue {
  readonly #reading: PeerReading;
  /** The sender's place in the epoch's set, looked up when a message is taken. */
  readonly #seatOf: (peer: PeerIndex) => ValidatorIndex;
  readonly #waitingOf = new Map<PeerIndex, { messages: number; bytes: number }>();
  readonly #paused = new Set<PeerIndex>();
  #inputs: Queued[] = [];
  #answers: Input[] = [];

  constructor(reading: PeerReading, seatOf: (peer: PeerIndex) => ValidatorIndex) {
    this.#reading = reading;
    this.#seatOf = seatOf;
  }

  push(input: Input): void {
    this.#inputs.push({ input });
  }

  /** Drops what was meant for a core that is no more: everything but messages. */
  dropAllButMessages(): void {
    this.#answers = [];
    this.#inputs = this.#inputs.filter((queued) => "message" in queued);
  }

  /** Taken before anything that waits. */
  pushAnswer(input: Input): void {
    this.#answers.push(input);
  }

  /** @param frameBytes length of the frame that the message came in */
  pushMessage(from: PeerIndex, message: PeerMessage, frameBytes: number): void {
    const bytes = heldBytes(message, frameBytes);
    const waiting = this.#waitingOf.get(from) ?? { messages: 0, bytes: 0 };
    this.#waitingOf.set(from, waiting);
    waiting.messages++;
    waiting.bytes += bytes;
    this.#inputs.push({ from, message, bytes });
    const isFull = waiting.messages >= peerInboxMessagesMax || waiting.bytes >= peerInboxBytesMax;
    if (!isFull || this.#paused.has(from)) return;
    this.#paused.add(from);
    this.#reading.pause(from);
  }

  next(): Input | undefined {
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    const queued = this.#inputs.shift();
    if (queued === undefined || "input" in queued) return queued?.input;
    const { from, message, bytes } = queued;
    this.#taken(from, bytes);
    return { kind: "message", from: this.#seatOf(from), message };
  }

  #taken(from: PeerIndex, bytes: number): void {
    const waiting = this.#waitingOf.get(from);
    if (waiting === undefined) return;
    waiting.messages--;
    waiting.bytes -= bytes;
    const hasRoom = waiting.messages <= peerInboxMessagesMax / 2 && waiting.bytes <= peerInboxBytesMax / 2;
    if (hasRoom && this.#paused.delete(from)) this.#reading.resume(from);
  }
}
