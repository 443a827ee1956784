import { type Address, isAddressEqual, zeroAddress } from "viem";
import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * Where an agent says that it is paid (ERC-8004); undefined when it says nothing. The owner, at first.
 * @example
 * ```ts
 * const wallet = await getAgentWallet(client, { agentId: 7n });
 * ```
 */
export async function getAgentWallet(
  client: AllotCore,
  { agentId }: { readonly agentId: bigint },
): Promise<Address | undefined> {
  const identity = { address: client.allot.rules.identityRegistry, abi: identityRegistryAbi } as const;
  const wallet = await callRules(
    readContract(client, { ...identity, functionName: "getAgentWallet", args: [agentId] }),
  );
  return isAddressEqual(wallet, zeroAddress) ? undefined : wallet;
}
