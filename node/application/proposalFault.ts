import type { AllowList } from "../mempool/allowList.ts";
import type { SenderState } from "../mempool/mempool.ts";
import type { Address } from "../types/brands.ts";
import type { ExecutionParameters } from "../types/genesis.ts";
import type { Transaction } from "../types/transaction.ts";

export interface ProposalFault {
  readonly code: string;
  readonly reason: string;
}

/**
 * What of a proposal's check (docs/consensus.md) depends on the parent's state: senders permitted, nonce = the sender's nonce in
 * that state + position among its transactions in b, the quota per sender, and gas: the sum of the gas limits stays
 * within the block's, so that no transaction is ever skipped for want of gas. `transactions` are valid by themselves.
 * Undefined when there is no fault; the first fault found otherwise, the same on every validator.
 */
export function proposalFault(
  transactions: readonly Transaction[],
  state: SenderState,
  allowList: AllowList,
  limits: Pick<ExecutionParameters, "blockGasLimit" | "senderTransactionsPerBlockMax">,
): ProposalFault | undefined {
  const senders = new Map<Address, { nonce: number; used: number }>();
  let gas = 0;
  for (const { sender, nonce, gasLimit, hash } of transactions) {
    let place = senders.get(sender);
    if (place === undefined) {
      if (!allowList.permits(state, sender)) {
        return { code: "SENDER_NOT_PERMITTED", reason: `${sender}, sender of ${hash}, is not on the allow-list` };
      }
      place = { nonce: state.nonceOf(sender), used: 0 };
      senders.set(sender, place);
    }
    if (nonce !== place.nonce) {
      return { code: "WRONG_NONCE", reason: `${hash} of ${sender} has nonce ${nonce}, its turn is ${place.nonce}` };
    }
    place.nonce++;
    if (++place.used > limits.senderTransactionsPerBlockMax) {
      return {
        code: "SENDER_QUOTA_EXCEEDED",
        reason: `${sender} has more than ${limits.senderTransactionsPerBlockMax} transactions in the block`,
      };
    }
    gas += gasLimit;
    if (gas > limits.blockGasLimit) {
      return { code: "BLOCK_GAS_EXCEEDED", reason: `the gas limits add up to more than ${limits.blockGasLimit}` };
    }
  }
  return undefined;
}
