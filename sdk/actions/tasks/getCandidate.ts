import type { Address } from "viem";
import { readContract } from "viem/actions";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import type { UnitParameters } from "./getAssignment.ts";

/** The ranked loser whose turn it is to take over a unit. */
export interface Candidate {
  readonly bidder: Address;
  /** What it would be paid, in units of 10⁻⁶ credit. */
  readonly price: bigint;
  /** Last second of its turn. */
  readonly until: number;
}

/**
 * Whose turn it is to take over an offered unit; undefined when it is not offered, or nobody is left.
 * @example
 * ```ts
 * const candidate = await getCandidate(client, { taskId: 12n });
 * ```
 */
export async function getCandidate(client: AllotCore, parameters: UnitParameters): Promise<Candidate | undefined> {
  const { taskId, unit = 0 } = parameters;
  const market = { address: client.allot.rules.taskMarket, abi: taskMarketAbi } as const;
  const args = [taskId, BigInt(unit)] as const;
  const [bidder, price, until] = await callRules(
    readContract(client, { ...market, functionName: "candidateOf", args }),
  );
  return BigInt(bidder) === 0n ? undefined : { bidder, price, until };
}
