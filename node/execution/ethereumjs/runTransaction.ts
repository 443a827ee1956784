import type { ExecutionParameters } from "../../types/genesis.ts";
import type { Transaction } from "../../types/transaction.ts";
import { bloomOf } from "../bloom.ts";
import { noBytes } from "../bytes.ts";
import { initCodeBytesMax, intrinsicGas } from "../intrinsicGas.ts";
import type { Receipt } from "../receipt.ts";
import { emptyAccount, emptyCodeHash, isEmpty } from "../state/account.ts";
import type { JournaledState } from "../state/journaledState.ts";
import type { BlockEnvironment, MessageResult, MessageRunner } from "./messageRunner.ts";

/** Executes one transaction of a block. Undefined when it cannot be part of the block where it stands: its nonce or
 * balance is not right (any more), it does not fit into the block's gas, or it is invalid by itself. */
export async function runTransaction(
  runner: MessageRunner,
  state: JournaledState,
  environment: BlockEnvironment,
  limits: ExecutionParameters,
  transaction: Transaction,
  blockGasUsed: number,
): Promise<Receipt | undefined> {
  const intrinsic = intrinsicGas(transaction);
  if (!isExecutable(state, limits, transaction, intrinsic, blockGasUsed)) return undefined;
  const result =
    plainTransfer(runner, state, transaction, intrinsic) ??
    (await runner.run(state, environment, { ...transaction, from: transaction.sender }, intrinsic));
  return {
    transactionHash: transaction.hash,
    type: transaction.type,
    success: result.error === undefined,
    cumulativeGasUsed: blockGasUsed + result.gasUsed,
    gasUsed: result.gasUsed,
    contractAddress: result.contractAddress,
    logs: result.logs,
    logsBloom: bloomOf(result.logs),
  };
}

function isExecutable(
  state: JournaledState,
  limits: ExecutionParameters,
  transaction: Transaction,
  intrinsic: number,
  blockGasUsed: number,
): boolean {
  const sender = state.account(transaction.sender) ?? emptyAccount;
  return (
    sender.nonce === transaction.nonce &&
    sender.balance >= transaction.value &&
    // EIP-3607: an account with code sends nothing.
    sender.codeHash === emptyCodeHash &&
    intrinsic <= transaction.gasLimit &&
    transaction.gasLimit <= limits.transactionGasLimitMax &&
    blockGasUsed + transaction.gasLimit <= limits.blockGasLimit &&
    (transaction.to !== undefined || transaction.data.length <= initCodeBytesMax)
  );
}

/** Value sent to an account without code needs no EVM. Undefined for anything else. */
function plainTransfer(
  runner: MessageRunner,
  state: JournaledState,
  transaction: Transaction,
  intrinsic: number,
): MessageResult | undefined {
  const { sender, to, value } = transaction;
  if (to === undefined || runner.isPrecompile(to)) return undefined;
  const before = state.account(to);
  if (before !== undefined && before.codeHash !== emptyCodeHash) return undefined;
  const from = state.account(sender) ?? emptyAccount;
  state.setAccount(sender, { ...from, nonce: from.nonce + 1, balance: from.balance - value });
  const receiver = state.account(to);
  const paid = { ...(receiver ?? emptyAccount), balance: (receiver?.balance ?? 0n) + value };
  // EIP-161: touching an empty account removes it, and sending nothing makes none.
  if (receiver !== undefined || !isEmpty(paid)) state.setAccount(to, isEmpty(paid) ? undefined : paid);
  state.endTransaction();
  return { error: undefined, gasUsed: intrinsic, returnData: noBytes, logs: [], contractAddress: undefined };
}
