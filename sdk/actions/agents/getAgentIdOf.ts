import type { Address } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * The agent of a bid key, past keys included. Throws `RevertedError` (`LedgerKeyUnknown`) when it never was one.
 * @example
 * ```ts
 * const agentId = await getAgentIdOf(client, { bidKey: account.address });
 * ```
 */
export function getAgentIdOf(client: AllotCore, { bidKey }: { readonly bidKey: Address }): Promise<bigint> {
  const ledger = { address: client.allot.rules.agentLedger, abi: agentLedgerAbi } as const;
  return callRules(readContract(client, { ...ledger, functionName: "agentIdOf", args: [bidKey] }));
}
