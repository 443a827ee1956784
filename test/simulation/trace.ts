import type { Effect } from "../../node/consensus/effect.ts";
import type { Input } from "../../node/consensus/input.ts";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import type { SealedBlock } from "../../node/types/block.ts";

const recentMax = 60;
const lineCharsMax = 600;

interface Entry {
  readonly nowMs: number;
  readonly node: string;
  readonly input: Input;
  readonly effects: readonly Effect[];
}

const lineOf = ({ nowMs, node, input, effects }: Entry): string =>
  `${nowMs.toFixed(3)} n${node} ${describe(input)} -> ${effects.map(describe).join(" ")}`;

/** A run step by step: the last ones as text for people; with `hashed`, a hash of all of them to compare runs by. */
export class Trace {
  readonly #hashed: boolean;
  #hash = "0x";
  #pending: string[] = [];
  #recent: Entry[] = [];
  steps = 0;

  constructor(hashed: boolean) {
    this.#hashed = hashed;
  }

  add(nowMs: number, node: string, input: Input, effects: readonly Effect[]): void {
    this.steps++;
    const entry = { nowMs, node, input, effects };
    this.#recent.push(entry);
    if (this.#recent.length >= 2 * recentMax) this.#recent = this.#recent.slice(-recentMax);
    if (!this.#hashed) return;
    this.#pending.push(lineOf(entry));
    if (this.#pending.length >= 1_000) this.#fold();
  }

  #fold(): void {
    this.#hash = keccak256Hex(new TextEncoder().encode(this.#hash + this.#pending.join("\n")));
    this.#pending = [];
  }

  digest(): string {
    this.#fold();
    return this.#hash;
  }

  /** What happened last, one line for each step, oldest first. */
  timeline(): readonly string[] {
    return this.#recent.slice(-recentMax).map((entry) => {
      const line = lineOf(entry);
      return line.length > lineCharsMax ? `${line.slice(0, lineCharsMax)}…` : line;
    });
  }
}

/** One input or effect as text, complete except that blocks stand for themselves by digest. */
export function describe(value: Input | Effect): string {
  return JSON.stringify(value, (key, part) => {
    if (key === "signatures" || key === "signature") return undefined;
    if (isBlock(part)) return `block ${part.header.height} in view ${part.header.view} ${part.digest.slice(0, 10)}`;
    return typeof part === "string" && part.length === 66 ? part.slice(0, 10) : part;
  });
}

const isBlock = (value: unknown): value is SealedBlock =>
  typeof value === "object" && value !== null && "digest" in value && "justification" in value;
