// Accounts of development networks. Their keys are public: they come from the phrase that Hardhat, Foundry and others
// use, so that wallets and scripts know them already. Never put anything of worth on them.
import { type HDKey, mnemonicToAccount } from "viem/accounts";
import { Address, type Hex } from "../types/brands.ts";

const phrase = "test test test test test test test test test test test junk";

export interface DevelopmentAccount {
  readonly address: Address;
  readonly privateKey: Hex;
}

/** The first `count` accounts of the phrase, at m/44'/60'/0'/0/i. */
export function developmentAccounts(count: number): readonly DevelopmentAccount[] {
  return Array.from({ length: count }, (_, addressIndex) => {
    const account = mnemonicToAccount(phrase, { addressIndex });
    const key = (account.getHdKey() as HDKey).privateKey ?? new Uint8Array(32);
    return { address: Address(account.address.toLowerCase()), privateKey: `0x${Buffer.from(key).toString("hex")}` };
  });
}
