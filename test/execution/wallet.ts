import { keccak256 } from "../../node/crypto/keccak.ts";
import { addressOfKey, secp256k1 } from "../../node/crypto/secp256k1.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import { decodeTransaction } from "../../node/types/decodeTransaction.ts";
import { bytesOf, hexOf } from "../../node/types/hex.ts";
import { concat, encodeBytes, encodeCount, encodeList, encodeQuantity } from "../../node/types/rlpWriter.ts";
import type { Transaction } from "../../node/types/transaction.ts";

export const testChainId = 31_337;

export interface TransactionFields {
  readonly type?: 0 | 1 | 2;
  readonly nonce?: number;
  readonly gasLimit?: number;
  readonly to?: Address;
  readonly value?: bigint;
  readonly data?: Uint8Array | Hex;
  readonly accessList?: Transaction["accessList"];
}

/** An account that counts its own nonces. */
export class Wallet {
  readonly key: Uint8Array;
  readonly address: Address;
  nonce = 0;

  constructor(number: number) {
    this.key = keccak256(Buffer.from(`execution wallet ${number}`));
    this.address = hexOf(addressOfKey(this.key)) as Address;
  }

  /** Signs the next transaction; its sender is recovered, as on its way through a node. */
  sign(fields: TransactionFields): Transaction {
    return decodeTransaction(this.signRaw(fields));
  }

  signRaw(fields: TransactionFields): Uint8Array {
    const type = fields.type ?? 2;
    const nonce = fields.nonce ?? this.nonce++;
    const data = typeof fields.data === "string" ? bytesOf(fields.data) : (fields.data ?? new Uint8Array(0));
    const body = [
      encodeCount(fields.gasLimit ?? 1_000_000),
      encodeBytes(fields.to === undefined ? new Uint8Array(0) : bytesOf(fields.to)),
      encodeQuantity(fields.value ?? 0n),
      encodeBytes(data),
    ];
    if (type === 0) {
      const legacy = [encodeCount(nonce), encodeCount(0), ...body];
      const { r, s, yParity } = this.#signature(
        encodeList([...legacy, encodeCount(testChainId), encodeCount(0), encodeCount(0)]),
      );
      return encodeList([...legacy, encodeCount(35 + 2 * testChainId + yParity), r, s]);
    }
    const fees = type === 2 ? [encodeCount(0), encodeCount(0)] : [encodeCount(0)];
    const accessList = encodeList(
      (fields.accessList ?? []).map(({ address, storageKeys }) =>
        encodeList([encodeBytes(bytesOf(address)), encodeList(storageKeys.map((key) => encodeBytes(bytesOf(key))))]),
      ),
    );
    const typed = [encodeCount(testChainId), encodeCount(nonce), ...fees, ...body, accessList];
    const { r, s, yParity } = this.#signature(concat([Uint8Array.of(type), encodeList(typed)]));
    return concat([Uint8Array.of(type), encodeList([...typed, encodeCount(yParity), r, s])]);
  }

  #signature(preimage: Uint8Array) {
    const { signature, recid } = secp256k1.ecdsaSign(keccak256(preimage), this.key);
    const part = (from: number) => encodeQuantity(BigInt(hexOf(signature.subarray(from, from + 32))));
    return { r: part(0), s: part(32), yParity: recid };
  }
}
