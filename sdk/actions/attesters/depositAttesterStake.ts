import { type Address, encodeFunctionData } from "viem";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";

export interface DepositAttesterStakeParameters extends WriteParameters {
  /** In units of 10⁻⁶ credit. */
  readonly amount: bigint;
  /** The client's account unless given. */
  readonly attester?: Address;
}

/**
 * Adds the account's credits to an attester's stake. It counts while the operators list it and it has the minimum
 * (`getAttester`). Anyone may; the stake becomes the attester's. Throws `RevertedError`: `BondAccountRefused` for an
 * attester that is no active member.
 * @example
 * ```ts
 * await depositAttesterStake(attesterClient, { amount: 1_000_000_000n });
 * ```
 */
export async function depositAttesterStake(
  client: AllotCore,
  parameters: DepositAttesterStakeParameters,
): Promise<WriteResult> {
  const { amount, attester = requireAccount(client).address, gas } = parameters;
  const { attesterRegistry } = client.allot.rules;
  await ensureAllowance(client, attesterRegistry, amount);
  const args = [attester, amount] as const;
  const data = encodeFunctionData({ abi: attesterRegistryAbi, functionName: "deposit", args });
  return sendTransaction(client, { to: attesterRegistry, data, gas });
}
