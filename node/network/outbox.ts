// Frames on their way to one validator. Bounded: while the validator reads slowly they wait here, and past the limit
// new ones are dropped and counted, never sent out of order. What is sent in one turn of the event loop leaves in one
// TLS record.
import type { Stream } from "@libp2p/interface";
import { peerQueueBytesMax, peerQueueFramesMax } from "../config/limits.ts";
import { frameHeader } from "./frame.ts";

/** What is handed to the stream in one piece. */
const partBytesMax = 64 * 1024;

export class Outbox {
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #stream: Stream | undefined;
  #flushPlanned = false;
  readonly #onDrain = () => this.#flush();

  /** Bytes that wait. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get connected(): boolean {
    return this.#stream !== undefined;
  }

  /** From now on frames leave by `stream`. What waited for an earlier stream is dropped: the peer is told anew. */
  attach(stream: Stream): void {
    this.detach();
    this.#stream = stream;
    stream.addEventListener("drain", this.#onDrain);
  }

  detach(): void {
    this.#stream?.removeEventListener("drain", this.#onDrain);
    this.#stream = undefined;
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  /** False when the frame was dropped: not connected, or too much waits already. */
  send(payload: Uint8Array): boolean {
    if (this.#stream === undefined) return false;
    if (this.#queue.length >= peerQueueFramesMax || this.#queuedBytes + payload.length > peerQueueBytesMax)
      return false;
    this.#queue.push(payload);
    this.#queuedBytes += payload.length;
    if (!this.#flushPlanned) {
      this.#flushPlanned = true;
      // Behind the microtasks: what the driver sends in one go leaves in one record.
      process.nextTick(() => {
        this.#flushPlanned = false;
        this.#flush();
      });
    }
    return true;
  }

  #flush(): void {
    const stream = this.#stream;
    try {
      while (stream !== undefined && this.#queue.length > 0 && !stream.writableNeedsDrain)
        stream.send(this.#nextPart());
    } catch {
      // The stream closed under us; its close event opens another one.
      this.detach();
    }
  }

  /** Header and payload of as many waiting frames as make up a part, or of one larger frame. */
  #nextPart(): Uint8Array {
    const parts: Uint8Array[] = [];
    let partBytes = 0;
    for (const payload of this.#queue) {
      if (partBytes > 0 && partBytes + payload.length > partBytesMax) break;
      const header = frameHeader(payload.length);
      parts.push(header, payload);
      partBytes += header.length + payload.length;
      this.#queuedBytes -= payload.length;
    }
    this.#queue = this.#queue.slice(parts.length / 2);
    return Buffer.concat(parts, partBytes);
  }
}
