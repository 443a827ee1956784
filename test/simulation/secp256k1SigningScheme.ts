import { keccak256, keccak256Hex } from "../../node/crypto/keccak.ts";
import { secp256k1Scheme, signHash } from "../../node/crypto/secp256k1Scheme.ts";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import { voteHasher } from "../../node/types/votePreimage.ts";
import type { SigningScheme } from "./simulatedScheme.ts";

/** The scheme of the real network, with keys that anyone can derive. */
export function secp256k1SigningScheme(validators: number): SigningScheme {
  const text = new TextEncoder();
  const domain = { chainId: 7, networkId: keccak256Hex(text.encode("the simulation's network")) };
  const keys = Array.from({ length: validators }, (_, i) => keccak256(text.encode(`key of validator ${i}`)));
  const scheme = secp256k1Scheme(
    domain,
    keys.map((key) => validatorIdentity(key).address),
  );
  const hash = voteHasher(domain);
  return {
    ...scheme,
    sign: (signer, vote) => ({ vote, signer, signature: signHash(hash(vote), keys[signer] as Uint8Array) }),
  };
}
