// What waits to be taken by the consensus core. Answers to effects just carried out come first: a vote that has been
// signed should leave before anything new is looked at. Messages are counted for each peer, and a peer that has sent
// more than can be processed is no longer read from until there is room again: its sender waits, memory does not grow.
import { peerInboxBytesMax, peerInboxMessagesMax } from "./config/limits.ts";
import type { Input } from "./consensus/input.ts";
import type { ValidatorIndex } from "./types/brands.ts";
import type { PeerMessage } from "./types/message.ts";

export interface PeerReading {
  pause(peer: ValidatorIndex): void;
  resume(peer: ValidatorIndex): void;
}

interface Queued {
  readonly input: Input;
  /** Length of the frame that a message came in. */
  readonly bytes: number;
}

export class InputQueue {
  readonly #reading: PeerReading;
  readonly #waitingOf = new Map<ValidatorIndex, { messages: number; bytes: number }>();
  readonly #paused = new Set<ValidatorIndex>();
  #inputs: Queued[] = [];
  #answers: Input[] = [];

  constructor(reading: PeerReading) {
    this.#reading = reading;
  }

  push(input: Input): void {
    this.#inputs.push({ input, bytes: 0 });
  }

  /** Taken before anything that waits. */
  pushAnswer(input: Input): void {
    this.#answers.push(input);
  }

  pushMessage(from: ValidatorIndex, message: PeerMessage, bytes: number): void {
    const waiting = this.#waitingOf.get(from) ?? { messages: 0, bytes: 0 };
    this.#waitingOf.set(from, waiting);
    waiting.messages++;
    waiting.bytes += bytes;
    this.#inputs.push({ input: { kind: "message", from, message }, bytes });
    const isFull = waiting.messages >= peerInboxMessagesMax || waiting.bytes >= peerInboxBytesMax;
    if (!isFull || this.#paused.has(from)) return;
    this.#paused.add(from);
    this.#reading.pause(from);
  }

  next(): Input | undefined {
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    const queued = this.#inputs.shift();
    if (queued?.input.kind === "message") this.#taken(queued.input.from, queued.bytes);
    return queued?.input;
  }

  #taken(from: ValidatorIndex, bytes: number): void {
    const waiting = this.#waitingOf.get(from);
    if (waiting === undefined) return;
    waiting.messages--;
    waiting.bytes -= bytes;
    const hasRoom = waiting.messages <= peerInboxMessagesMax / 2 && waiting.bytes <= peerInboxBytesMax / 2;
    if (hasRoom && this.#paused.delete(from)) this.#reading.resume(from);
  }
}
