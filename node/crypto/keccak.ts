// keccak256 by WebAssembly: 0.6 µs for 100 bytes where plain JavaScript takes 4 to 5. One hasher serves the whole
// process: hashing is synchronous, so no two uses can interleave.
import { createKeccak } from "hash-wasm";
import type { Digest } from "../types/brands.ts";

const hasher = await createKeccak(256);

/** keccak256 of `bytes`, 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest("binary");
}

/** keccak256 of `bytes` as lower-case hex. */
export function keccak256Hex(bytes: Uint8Array): Digest {
  return `0x${hasher.init().update(bytes).digest("hex")}` as Digest;
}
