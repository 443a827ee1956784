import type { Address } from "viem";
import { readContract } from "viem/actions";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type Ruling, rulings } from "../disputes/dispute.ts";
import { type UnitStatus, unitStatuses, type Verdict, verdicts, wordFor } from "./taskStatus.ts";

/** Who has a unit, and how it stands. While it is offered, it still names the agent that failed. */
export interface Assignment {
  readonly taskId: bigint;
  readonly unit: number;
  readonly status: UnitStatus;
  readonly verdict: Verdict;
  readonly agentId: bigint;
  readonly provider: Address;
  /** In units of 10⁻⁶ credit. */
  readonly price: bigint;
  readonly jobId: bigint;
  readonly round: number;
  /** Last second at which a delivery counts. */
  readonly deliveryDeadline: number;
  /** When the verdict came, or the unit was offered again; 0 for neither. */
  readonly decidedAt: number;
  /** What a panel makes of the verdict; `none` when nobody objected. See `getDispute`. */
  readonly ruling: Ruling;
}

export interface UnitParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
}

/**
 * Reads who has a unit; undefined while nobody has it.
 * @example
 * ```ts
 * const assignment = await getAssignment(client, { taskId: 12n });
 * ```
 */
export async function getAssignment(client: AllotCore, parameters: UnitParameters): Promise<Assignment | undefined> {
  const { taskId, unit = 0 } = parameters;
  const market = { address: client.allot.rules.taskMarket, abi: taskMarketAbi } as const;
  const args = [taskId, BigInt(unit)] as const;
  const panel = { address: client.allot.rules.disputePanel, abi: disputePanelAbi } as const;
  const [stored, [ruling]] = await callRules(
    Promise.all([
      readContract(client, { ...market, functionName: "assignmentOf", args }),
      readContract(client, { ...panel, functionName: "rulingOf", args }),
    ]),
  );
  if (stored.status === 0) return undefined;
  const status = wordFor(unitStatuses, stored.status);
  const words = { status, verdict: wordFor(verdicts, stored.verdict), ruling: wordFor(rulings, ruling) };
  return { ...stored, ...words, taskId, unit };
}
