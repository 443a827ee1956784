// The work of the example market: tasks over real files whose answer anyone can recompute. An answer is 32 bytes,
// because that is what a delivery carries on chain (`bytes32 deliverable`, ERC-8183).
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Hex, keccak256, numberToHex, stringToBytes } from "viem";

export const workKinds = ["digest", "count-words", "longest-line", "count-distinct-words"] as const;
export type WorkKind = (typeof workKinds)[number];

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

const answerOf: Readonly<Record<WorkKind, (content: Buffer) => Hex>> = {
  /** SHA-256 of the file's bytes. */
  digest: (content) => `0x${createHash("sha256").update(content).digest("hex")}`,
  /** Number of words separated by white space, as a 256-bit big-endian number. */
  "count-words": (content) => numberToHex(words(content.toString("utf8")).length, { size: 32 }),
  /** keccak256 of the first of the longest lines, as UTF-8 without its line break. */
  "longest-line": (content) => {
    const lines = content.toString("utf8").split(/\r?\n/);
    const longest = lines.reduce((best, line) => (line.length > best.length ? line : best), "");
    return keccak256(stringToBytes(longest));
  },
  /** Number of different words, case folded, as a 256-bit big-endian number. */
  "count-distinct-words": (content) =>
    numberToHex(new Set(words(content.toString("utf8").toLowerCase())).size, { size: 32 }),
};

/** Does the work: the answer of `kind` over the bytes of the file at `path`. */
export async function doWork(kind: WorkKind, path: string): Promise<Hex> {
  return answerOf[kind](await readFile(path));
}
