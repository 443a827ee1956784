import type { Address } from "viem";
import { readContract } from "viem/actions";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface OperatorCouncil {
  readonly operators: readonly Address[];
  /** How many of them must approve a call. */
  readonly quorum: number;
  /** Seconds from the quorum's approval to the first second of execution. */
  readonly delay: bigint;
  /** Least delay that they can set. */
  readonly delayMin: bigint;
  readonly proposalCount: bigint;
}

/**
 * Reads who governs the network, and how.
 * @example
 * ```ts
 * const { operators, quorum, delay } = await getOperators(client);
 * ```
 */
export async function getOperators(client: AllotCore): Promise<OperatorCouncil> {
  const contract = { address: client.allot.rules.operators, abi: operatorsAbi } as const;
  const [operators, quorum, delay, delayMin, proposalCount] = await callRules(
    Promise.all([
      readContract(client, { ...contract, functionName: "operators" }),
      readContract(client, { ...contract, functionName: "quorum" }),
      readContract(client, { ...contract, functionName: "delay" }),
      readContract(client, { ...contract, functionName: "delayMin" }),
      readContract(client, { ...contract, functionName: "proposalCount" }),
    ]),
  );
  return { operators, quorum: Number(quorum), delay, delayMin, proposalCount };
}
