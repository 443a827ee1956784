// An account of the load: signs as the SDK's accounts do (viem's serialisation), with native secp256k1, because
// preparing 100,000 signatures in plain JavaScript would take longer than the measurement.
import secp256k1 from "secp256k1";
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256, serializeTransaction, toHex } from "viem";
import { publicKeyToAddress } from "viem/accounts";

export interface Call {
  readonly to: Address;
  readonly data?: Hex;
  readonly value?: bigint;
  readonly gas: bigint;
}

export interface LoadAccount {
  readonly address: Address;
  readonly privateKey: Hex;
  /** Nonce of the next transaction. */
  nonce: number;
  /** The next transaction, signed. */
  sign(call: Call): Hex;
  /** Signature r ‖ s ‖ v over a 32-byte digest. */
  signDigest(digest: Hex): Hex;
}

export function loadAccount(chainId: number, privateKey: Hex): LoadAccount {
  const key = hexToBytes(privateKey);
  const address = publicKeyToAddress(bytesToHex(secp256k1.publicKeyCreate(key, false)));
  const signHash = (hash: Hex): { r: Hex; s: Hex; yParity: number } => {
    const { signature, recid } = secp256k1.ecdsaSign(hexToBytes(hash), key);
    return { r: bytesToHex(signature.slice(0, 32)), s: bytesToHex(signature.slice(32)), yParity: recid };
  };
  return {
    address,
    privateKey,
    nonce: 0,
    sign({ to, data = "0x", value = 0n, gas }) {
      const unsigned = { type: "eip1559", chainId, nonce: this.nonce++, to, data, value, gas } as const;
      const fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
      return serializeTransaction(
        { ...unsigned, ...fees },
        signHash(keccak256(serializeTransaction({ ...unsigned, ...fees }))),
      );
    },
    signDigest(digest) {
      const { r, s, yParity } = signHash(digest);
      return `${r}${s.slice(2)}${toHex(27 + yParity, { size: 1 }).slice(2)}`;
    },
  };
}
