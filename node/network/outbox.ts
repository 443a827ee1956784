// Frames on their way to one validator. Bounded: while the validator reads slowly they wait here, and past the limit
// new ones are dropped and counted, never sent out of order within their lane. What is sent in one turn of the event loop
// leaves in one TLS record.
import type { Stream } from "@libp2p/interface";
import { chunkBytesMax, peerQueueBytesMax, peerQueueFramesMax } from "../config/limits.ts";
import type { WireVersion } from "../types/wireVersion.ts";
import { chunkHeader, chunkHeaderBytes, type Lane, lanes } from "./chunk.ts";
import { frameHeader } from "./frame.ts";

/** What is handed to the stream in one piece. */
const partBytesMax = 64 * 1024;
/** So that answers never crowd out votes. */
const answersBytesMax = peerQueueBytesMax / 2;

interface Queue {
  frames: Uint8Array[];
  bytes: number;
  /** Bytes of the first frame that have left. */
  sent: number;
}

const emptyQueue = (): Queue => ({ frames: [], bytes: 0, sent: 0 });

export class Outbox {
  #queues: Record<Lane, Queue> = { consensus: emptyQueue(), answers: emptyQueue() };
  #stream: Stream | undefined;
  #version: WireVersion = 1;
  #flushPlanned = false;
  readonly #onDrain = () => this.#flush();

  /** Bytes that wait. */
  get queuedBytes(): number {
    return this.#queues.consensus.bytes + this.#queues.answers.bytes;
  }

  get connected(): boolean {
    return this.#stream !== undefined;
  }

  /** From now on frames leave by `stream`. What waited for an earlier stream is dropped: the peer is told anew. */
  attach(stream: Stream, version: WireVersion): void {
    this.detach();
    this.#stream = stream;
    this.#version = version;
    stream.addEventListener("drain", this.#onDrain);
  }

  detach(): void {
    this.#stream?.removeEventListener("drain", this.#onDrain);
    this.#stream = undefined;
    this.#queues = { consensus: emptyQueue(), answers: emptyQueue() };
  }

  /** False when the frame was dropped: not connected, or too much waits already. */
  send(payload: Uint8Array, lane: Lane): boolean {
    if (this.#stream === undefined) return false;
    const { consensus, answers } = this.#queues;
    const isFull =
      consensus.frames.length + answers.frames.length >= peerQueueFramesMax ||
      this.queuedBytes + payload.length > peerQueueBytesMax;
    // Version 1 has no lanes: all frames stand in one queue.
    const queue = this.#version === 1 ? consensus : this.#queues[lane];
    if (isFull || (queue === answers && answers.bytes + payload.length > answersBytesMax)) return false;
    queue.frames.push(payload);
    queue.bytes += payload.length;
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
      while (stream !== undefined && this.queuedBytes > 0 && !stream.writableNeedsDrain)
        stream.send(this.#version === 1 ? nextFrames(this.#queues.consensus) : nextChunks(this.#queues));
    } catch {
      // The stream closed under us; its close event opens another one.
      this.detach();
    }
  }
}

/** Header and payload of as many waiting frames as make up a part, or of one larger frame. */
function nextFrames(queue: Queue): Uint8Array {
  const parts: Uint8Array[] = [];
  let partBytes = 0;
  for (const payload of queue.frames) {
    if (partBytes > 0 && partBytes + payload.length > partBytesMax) break;
    const header = frameHeader(payload.length);
    parts.push(header, payload);
    partBytes += header.length + payload.length;
    queue.bytes -= payload.length;
  }
  queue.frames = queue.frames.slice(parts.length / 2);
  return Buffer.concat(parts, partBytes);
}

/** Chunks that make up a part: of consensus as long as there are any, then of answers. */
function nextChunks(queues: Record<Lane, Queue>): Uint8Array {
  const parts: Uint8Array[] = [];
  let partBytes = 0;
  for (const lane of lanes) {
    const queue = queues[lane];
    let whole = 0;
    for (let payload = queue.frames[0]; payload !== undefined; payload = queue.frames[whole]) {
      const chunk = payload.subarray(queue.sent, queue.sent + chunkBytesMax);
      if (partBytes + chunkHeaderBytes + chunk.length > partBytesMax) break;
      queue.sent += chunk.length;
      queue.bytes -= chunk.length;
      const isLast = queue.sent === payload.length;
      parts.push(chunkHeader(lane, isLast, chunk.length), chunk);
      partBytes += chunkHeaderBytes + chunk.length;
      if (!isLast) continue;
      queue.sent = 0;
      whole++;
    }
    if (whole > 0) queue.frames = queue.frames.slice(whole);
    // The part is full before the lane is empty: no later lane comes before it.
    if (queue.frames.length > 0) break;
  }
  return Buffer.concat(parts, partBytes);
}
