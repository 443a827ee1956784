import type { Transaction } from "../types/transaction.ts";

// Cancun's prices: EIP-2028, EIP-2930, EIP-3860 and the yellow paper, appendix G.
const transactionGas = 21_000;
const creationGas = 32_000;
const zeroByteGas = 4;
const otherByteGas = 16;
const accessListAddressGas = 2_400;
const accessListSlotGas = 1_900;
const initCodeWordGas = 2;
/** EIP-3860: longest init code, 2 × 24,576 bytes. */
export const initCodeBytesMax = 49_152;

/** Gas that a transaction costs before its first instruction. */
export function intrinsicGas(transaction: Pick<Transaction, "to" | "data" | "accessList">): number {
  let gas = transactionGas;
  for (const byte of transaction.data) gas += byte === 0 ? zeroByteGas : otherByteGas;
  if (transaction.to === undefined) gas += creationGas + initCodeWordGas * Math.ceil(transaction.data.length / 32);
  for (const { storageKeys } of transaction.accessList) {
    gas += accessListAddressGas + accessListSlotGas * storageKeys.length;
  }
  return gas;
}
