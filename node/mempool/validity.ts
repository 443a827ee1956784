// What makes a transaction valid by itself, whatever the state: a leader that orders one that is not is refused, and
// a client that sends one is told why. Pure, and the same on every validator: it depends on genesis alone.
import { transactionBytesMax } from "../config/limits.ts";
import { initCodeBytesMax, intrinsicGas } from "../execution/intrinsicGas.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";
import type { Transaction } from "../types/transaction.ts";

/** RLP's prefix of a string of up to 2^24 bytes: what a transaction takes in a block beyond its own length. */
export const rlpPrefixBytesMax = 4;

export interface ValidityRules {
  readonly chainId: number;
  readonly transactionGasLimitMax: number;
  readonly transactionBytesMax: number;
}

/** What genesis says of single transactions: none may be too large for any block. */
export function validityRules({ chainId, execution }: Pick<Genesis, "chainId" | "execution">): ValidityRules {
  return {
    chainId,
    transactionGasLimitMax: Math.min(execution.transactionGasLimitMax, execution.blockGasLimit),
    transactionBytesMax: Math.min(transactionBytesMax, execution.blockBytesMax - rlpPrefixBytesMax),
  };
}

/** EIP-2681 allows up to 2^64 − 2; ours is what a JavaScript number holds exactly. */
const nonceMax = Number.MAX_SAFE_INTEGER - 1;

/** Refuses before anything is decoded: a recovery costs more than all other checks together. */
export function checkSize(raw: Uint8Array, { transactionBytesMax }: ValidityRules): void {
  if (raw.length > transactionBytesMax) {
    throw new AllotError(
      "TRANSACTION_TOO_LARGE",
      { bytes: raw.length, transactionBytesMax },
      `the transaction has ${raw.length} bytes; at most ${transactionBytesMax} are accepted`,
    );
  }
}

/** Throws an `AllotError` for the first thing that is wrong. Fees and signature are the decoder's concern. */
export function checkValidity(transaction: Transaction, rules: ValidityRules): void {
  const { chainId, gasLimit, nonce, data } = transaction;
  if (chainId !== rules.chainId) {
    throw new AllotError(
      "WRONG_CHAIN_ID",
      { chainId, expected: rules.chainId },
      `the transaction is signed for chain id ${chainId}; sign it for ${rules.chainId}`,
    );
  }
  if (gasLimit > rules.transactionGasLimitMax) {
    throw new AllotError(
      "GAS_LIMIT_TOO_HIGH",
      { gasLimit, transactionGasLimitMax: rules.transactionGasLimitMax },
      `the gas limit ${gasLimit} exceeds this network's ${rules.transactionGasLimitMax} per transaction; lower it`,
    );
  }
  const needed = intrinsicGas(transaction);
  if (gasLimit < needed) {
    throw new AllotError(
      "GAS_LIMIT_TOO_LOW",
      { gasLimit, intrinsicGas: needed },
      `intrinsic gas too low: the gas limit ${gasLimit} is below the ${needed} that this transaction costs before it ` +
        `runs; raise it`,
    );
  }
  if (transaction.to === undefined && data.length > initCodeBytesMax) {
    throw new AllotError(
      "CREATION_CODE_TOO_LARGE",
      { bytes: data.length, initCodeBytesMax },
      `the creation code has ${data.length} bytes; at most ${initCodeBytesMax} are allowed (EIP-3860)`,
    );
  }
  if (nonce > nonceMax) {
    throw new AllotError("NONCE_TOO_HIGH", { nonce }, `the nonce ${nonce} is beyond what an account can reach`);
  }
}
