import { type Address, encodeFunctionData, type Hex, type LocalAccount } from "viem";
import { readContract } from "viem/actions";
import { identityRegistryAbi } from "../../abis/identityRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { hashAgentWalletProof, identityDomain, signAgentWalletProof } from "../../typedData/agentWallet.ts";

/** A wallet that is a contract and answers for itself by ERC-1271. */
export interface ContractWallet {
  readonly address: Address;
  /** Gives what the contract takes for a signature over a digest. */
  readonly sign: (digest: Hex) => Promise<Hex>;
}

export interface SetAgentWalletParameters extends WriteParameters {
  readonly agentId: bigint;
  /** The new wallet, which signs that it wants to be the agent's. */
  readonly wallet: LocalAccount | ContractWallet;
  /** How long the proof counts; ten minutes unless given. */
  readonly validForSeconds?: number;
}

/**
 * Sets where an agent says that it is paid (ERC-8004); by its owner or an account that it approved. Informative: the
 * market pays the bid key. A transfer of the agent clears it.
 *
 * Throws `RevertedError`: `IdentityUnauthorized`, `IdentityInvalidProof`, `IdentityProofExpired`.
 * @example
 * ```ts
 * await setAgentWallet(client, { agentId, wallet: privateKeyToAccount(walletKey) });
 * ```
 */
export async function setAgentWallet(client: AllotCore, parameters: SetAgentWalletParameters): Promise<WriteResult> {
  const { agentId, wallet, validForSeconds = 600, gas } = parameters;
  const { identityRegistry } = client.allot.rules;
  const identity = { address: identityRegistry, abi: identityRegistryAbi } as const;
  const [{ chainId }, owner] = await callRules(
    Promise.all([
      client.allot.network(),
      readContract(client, { ...identity, functionName: "ownerOf", args: [agentId] }),
    ]),
  );
  const deadline = BigInt(Math.floor(Date.now() / 1000) + validForSeconds);
  const domain = identityDomain({ chainId, verifyingContract: identityRegistry });
  const proof = { agentId, newWallet: wallet.address, owner, deadline };
  const signature =
    "signTypedData" in wallet
      ? await signAgentWalletProof(wallet, domain, proof)
      : await wallet.sign(hashAgentWalletProof(domain, proof));
  const args = [agentId, wallet.address, deadline, signature] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setAgentWallet", args });
  return sendTransaction(client, { to: identityRegistry, data, gas });
}
