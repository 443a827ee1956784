// What validators sign: EIP-712 structs, so that the EVM itself can judge them. The salt is the network's random id:
// a network started again with the same chain id can never turn its votes into evidence against those of the old one.
import { keccak256 } from "../crypto/keccak.ts";
import type { Digest, View } from "./brands.ts";
import { unreachable } from "./errors.ts";
import { bytesOf } from "./hex.ts";
import type { Vote } from "./vote.ts";

export interface VoteDomain {
  readonly chainId: number;
  /** `networkId` of the genesis file. */
  readonly networkId: Digest;
}

/** The EIP-712 domain as viem and ethers want it. */
export function voteTypedDataDomain({ chainId, networkId }: VoteDomain) {
  return { name: "Allot Consensus", version: "1", chainId, salt: networkId } as const;
}

const hashText = (text: string): Uint8Array => keccak256(new TextEncoder().encode(text));
const domainType = hashText("EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)");
const typeHashes = {
  notarize: hashText("Notarize(uint64 epoch,uint64 view,bytes32 digest)"),
  nullify: hashText("Nullify(uint64 epoch,uint64 view)"),
  finalize: hashText("Finalize(uint64 epoch,uint64 view,bytes32 digest)"),
};

function domainSeparator({ chainId, networkId }: VoteDomain): Uint8Array {
  const words = new Uint8Array(5 * 32);
  words.set(domainType, 0);
  words.set(hashText("Allot Consensus"), 32);
  words.set(hashText("1"), 64);
  setWord(words, 96, chainId);
  words.set(bytesOf(networkId), 128);
  return keccak256(words);
}

function setWord(words: Uint8Array, at: number, value: number): void {
  new DataView(words.buffer).setBigUint64(at + 24, BigInt(value));
}

/** A function that hashes votes of one network for signing: keccak256(0x1901 ‖ domain separator ‖ struct), 32 bytes. */
export function voteHasher(domain: VoteDomain): (vote: Vote) => Uint8Array {
  const preimage = new Uint8Array(66);
  preimage.set([0x19, 0x01], 0);
  preimage.set(domainSeparator(domain), 2);
  return (vote) => {
    preimage.set(hashStruct(vote), 34);
    return keccak256(preimage);
  };
}

function hashStruct(vote: Vote): Uint8Array {
  switch (vote.kind) {
    case "nullify": {
      const words = new Uint8Array(3 * 32);
      setHead(words, vote.kind, vote.epoch, vote.view);
      return keccak256(words);
    }
    case "notarize":
    case "finalize": {
      const words = new Uint8Array(4 * 32);
      setHead(words, vote.kind, vote.epoch, vote.view);
      words.set(bytesOf(vote.digest), 96);
      return keccak256(words);
    }
    default:
      return unreachable(vote);
  }
}

function setHead(words: Uint8Array, kind: Vote["kind"], epoch: number, view: View): void {
  words.set(typeHashes[kind], 0);
  setWord(words, 32, epoch);
  setWord(words, 64, view);
}
