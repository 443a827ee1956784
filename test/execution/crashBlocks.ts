// A chain in which every block follows from its height, so that whoever reads it knows what must be there.
import { bigIntToWord, bytesToHex } from "../../node/execution/bytes.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { testGenesis } from "./testEngine.ts";
import { Wallet } from "./wallet.ts";

const wallet = new Wallet(1);
export const keeper = `0x${"4e".repeat(20)}` as Address;
export const receiver = `0x${"4f".repeat(20)}` as Address;

/** sstore(calldata[0], calldata[32]); sstore(0, calldata[32]) */
const keeperCode: Hex = "0x6020355f35556020355f5500";

export const crashGenesis = testGenesis([wallet], { [keeper]: { code: keeperCode } });

/** Writes the height under itself and under 0, and sends 1. */
export function transactionsAt(height: number): Transaction[] {
  const word = bytesToHex(bigIntToWord(BigInt(height)));
  wallet.nonce = 2 * (height - 1);
  return [
    wallet.sign({ to: keeper, data: `${word}${word.slice(2)}` }),
    wallet.sign({ to: receiver, value: 1n, gasLimit: 21_000 }),
  ];
}
