import { encodeFunctionData, type LocalAccount } from "viem";
import { readContract } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { signBidKeyProof } from "../../typedData/bidKey.ts";
import { marketDomain } from "../../typedData/domain.ts";

export interface SetBidKeyParameters extends WriteParameters {
  readonly agentId: bigint;
  /** The new bid key: it signs a proof of possession. A key serves one agent, for ever. */
  readonly bidKey: LocalAccount;
  /** How long the proof counts; ten minutes unless given. */
  readonly validForSeconds?: number;
}

/**
 * Makes a key the one that bids, is awarded, delivers and is paid for an agent. Called by the agent's owner; the first
 * call also enrols the agent in the ledger.
 * @example
 * ```ts
 * await setBidKey(client, { agentId, bidKey: privateKeyToAccount(key) });
 * ```
 */
export async function setBidKey(client: AllotCore, parameters: SetBidKeyParameters): Promise<WriteResult> {
  const { agentId, bidKey, validForSeconds = 600, gas } = parameters;
  const { agentLedger, identityRegistry } = client.allot.rules;
  const ledger = { address: agentLedger, abi: agentLedgerAbi } as const;
  const identity = { address: identityRegistry, abi: identityRegistryAbi } as const;
  const [network, owner, nonce] = await callRules(
    Promise.all([
      client.allot.network(),
      readContract(client, { ...identity, functionName: "ownerOf", args: [agentId] }),
      readContract(client, { ...ledger, functionName: "keyNonceOf", args: [agentId] }),
    ]),
  );
  const deadline = BigInt(Math.floor(Date.now() / 1000) + validForSeconds);
  const domain = marketDomain({ ...network, verifyingContract: agentLedger });
  const signature = await signBidKeyProof(bidKey, domain, { agentId, owner, nonce, deadline });
  const args = [agentId, bidKey.address, deadline, signature] as const;
  const data = encodeFunctionData({ abi: agentLedgerAbi, functionName: "setBidKey", args });
  return sendTransaction(client, { to: agentLedger, data, gas });
}
