import { type Address, type Hex, hexToBigInt, recoverAddress, sliceHex } from "viem";

/** Half the order of secp256k1: of the two signatures that everybody can make of one, only the lower s counts. */
const sMax = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Who signed a digest, by the only form of signature that the rules take: 65 bytes, v 27 or 28, the lower s.
 * Undefined for every other form, and where it recovers to nobody.
 */
export async function recoverCanonical(hash: Hex, signature: Hex): Promise<Address | undefined> {
  if (signature.length !== 2 + 2 * 65) return undefined;
  const v = sliceHex(signature, 64);
  if ((v !== "0x1b" && v !== "0x1c") || hexToBigInt(sliceHex(signature, 32, 64)) > sMax) return undefined;
  try {
    return await recoverAddress({ hash, signature });
  } catch {
    // r or s is no valid scalar.
    return undefined;
  }
}
