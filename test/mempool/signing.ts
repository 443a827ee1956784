// Signed transactions for tests, quickly: with the native library, so that thousands cost little.
import { keccak256 } from "../../node/crypto/keccak.ts";
import { addressOfKey, secp256k1 } from "../../node/crypto/secp256k1.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import { bytesOf, hexOf } from "../../node/types/hex.ts";
import { concat, type Encoded, encodeBytes, encodeCount, encodeHex, encodeList } from "../../node/types/rlpWriter.ts";

export interface Wanted {
  readonly chainId?: number;
  readonly nonce: number;
  readonly gasLimit?: number;
  /** Undefined creates a contract. */
  readonly to?: Address | undefined;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly maxFeePerGas?: number;
}

export interface Signer {
  readonly key: Uint8Array;
  readonly address: Address;
}

/** The same key for the same number. */
export function signer(number: number): Signer {
  const key = keccak256(Buffer.from(`signer ${number}`));
  return { key, address: hexOf(addressOfKey(key)) as Address };
}

export const someone = `0x${"5e".repeat(20)}` as Address;

const encodeAmount = (value: bigint) => {
  const digits = value === 0n ? "" : value.toString(16);
  return encodeHex(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}` as Hex);
};

/** An EIP-1559 transaction, signed. */
export function sign(signedBy: Signer, wanted: Wanted): Uint8Array {
  const fields: Encoded[] = [
    encodeCount(wanted.chainId ?? 1),
    encodeCount(wanted.nonce),
    encodeCount(0),
    encodeCount(wanted.maxFeePerGas ?? 0),
    encodeCount(wanted.gasLimit ?? 21_000),
    encodeBytes("to" in wanted && wanted.to === undefined ? new Uint8Array(0) : bytesOf(wanted.to ?? someone)),
    encodeAmount(wanted.value ?? 0n),
    encodeBytes(wanted.data ?? new Uint8Array(0)),
    encodeList([]),
  ];
  const preimage = concat([Uint8Array.of(2), encodeList(fields)]);
  const { signature, recid } = secp256k1.ecdsaSign(keccak256(preimage), signedBy.key);
  const word = (from: number) => encodeAmount(BigInt(hexOf(signature.subarray(from, from + 32))));
  return concat([Uint8Array.of(2), encodeList([...fields, encodeCount(recid), word(0), word(32)])]);
}
