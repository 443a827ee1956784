// A new network for tests: fresh keys, the rules unless it is bare.

import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { generateKey } from "../../node/crypto/keyFile.ts";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import type { NewNetwork } from "../../node/genesis/newNetwork.ts";
import type { SeatEntry } from "../../node/genesis/seatEntry.ts";
import { Digest } from "../../node/types/brands.ts";

export const networkId = Digest(`0x${"a1".repeat(32)}`);
export const chainId = 4_242;

export function seatEntries(count: number): readonly SeatEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `validator-${i}`,
    organisation: `organisation-${i}`,
    ...validatorIdentity(generateKey()),
    addresses: [`/ip4/127.0.0.1/tcp/${20_000 + i}`],
    operator: validatorIdentity(generateKey()).address,
  }));
}

export function testNetwork(options: { readonly bare: boolean }): NewNetwork {
  return developmentNetwork({ chainId, networkId, rules: "development", bare: options.bare }, seatEntries(4));
}
