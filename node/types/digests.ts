// Every hash that names something of the ordering side is keccak256 over a preimage that starts with the same six
// bytes, "ALLOT" and the version, and a tag. So no two kinds of hashed thing can be confused, nor any of them with
// an Ethereum transaction, header or EIP-712 message.
import { keccak256Hex } from "../crypto/keccak.ts";
import type { Address, Digest } from "./brands.ts";
import { concat, type Encoded, encodeCount, encodeHex, encodeList } from "./rlpWriter.ts";

const version = 1;
const tags = { genesis: 0x47, header: 0x48, justification: 0x4a, transactions: 0x54 } as const;

export function hashTagged(tag: keyof typeof tags, encoded: Encoded): Digest {
  return keccak256Hex(concat([Uint8Array.of(0x41, 0x4c, 0x4c, 0x4f, 0x54, version, tags[tag]), encoded]));
}

/**
 * Digest of the genesis block, the parent of the block at height 1. Two networks never share one, since `networkId` is
 * random. The genesis state is not in it (the genesis execution header names this digest): what ties the state down
 * is the first block's parentExecutionHash.
 */
export function genesisDigest(genesis: {
  readonly chainId: number;
  readonly networkId: Digest;
  readonly timestampMs: number;
  readonly validators: readonly { readonly address: Address }[];
}): Digest {
  const addresses = genesis.validators.map((validator) => validator.address).sort();
  return hashTagged(
    "genesis",
    encodeList([
      encodeCount(genesis.chainId),
      encodeHex(genesis.networkId),
      encodeCount(genesis.timestampMs),
      encodeList(addresses.map(encodeHex)),
    ]),
  );
}
