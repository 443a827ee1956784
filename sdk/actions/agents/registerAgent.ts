import { encodeFunctionData, type Hex, parseEventLogs } from "viem";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";

export interface RegisterAgentParameters extends WriteParameters {
  /** Where the agent's registration file is found (ERC-8004); may be set later. */
  readonly uri?: string;
  /** Metadata by key. */
  readonly metadata?: Readonly<Record<string, Hex>>;
}

export interface RegisterAgentResult extends WriteResult {
  readonly agentId: bigint;
}

/**
 * Registers an agent after ERC-8004; the account becomes its owner.
 * @example
 * ```ts
 * const { agentId } = await registerAgent(client, { uri: "https://example.com/agent.json" });
 * ```
 */
export async function registerAgent(
  client: AllotCore,
  parameters: RegisterAgentParameters = {},
): Promise<RegisterAgentResult> {
  const { uri = "", metadata = {}, gas } = parameters;
  const entries = Object.entries(metadata).map(([metadataKey, metadataValue]) => ({ metadataKey, metadataValue }));
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "register", args: [uri, entries] });
  const result = await sendTransaction(client, { to: client.allot.rules.identityRegistry, data, gas });
  const events = parseEventLogs({ abi: identityRegistryAbi, logs: result.receipt.logs, eventName: "Registered" });
  return { ...result, agentId: requireEvent(events, "Registered").args.agentId };
}
