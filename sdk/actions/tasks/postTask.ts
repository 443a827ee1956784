import { type Address, encodeFunctionData, type Hex, parseEventLogs, zeroAddress } from "viem";
import { readContract } from "viem/actions";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { type Capability, capabilityIdOf } from "../capabilities/capabilityIdOf.ts";
import { ensureAllowance } from "../credits/approveCredits.ts";
import type { Mechanism } from "./mechanism.ts";

/** A capability that a bidder must hold when it commits. */
export interface Requirement {
  readonly capability: Capability;
  /** Lowest level that counts; 0 unless given. */
  readonly level?: number;
  /** The only attester that counts; any that the market accepts unless given. */
  readonly attester?: Address;
}

/** Amounts in units of 10⁻⁶ credit, windows in seconds. */
export interface PostTaskParameters extends WriteParameters {
  /** keccak256 of the file that says what is to be done. */
  readonly specification: Hex;
  /** Where that file is found. */
  readonly uri?: string;
  readonly mechanism: Mechanism;
  /** Account or contract that judges deliveries. */
  readonly evaluator: Address;
  /** Highest price per unit; reserve × units is escrowed, the network's posting fee comes on top. */
  readonly reserve: bigint;
  /** Identical units, each one job; 1 unless given. */
  readonly units?: number;
  /** Most bids; 256 unless given. */
  readonly maxBidders?: number;
  /** Stake that a bidder locks until it reveals; the network's minimum unless given. */
  readonly lock?: bigint;
  readonly requirements?: readonly Requirement[];
  /** From posting; then commitments close. */
  readonly commitWindow: number;
  /** From the end of the commit window. */
  readonly revealWindow: number;
  /** From the assignment of a unit. */
  readonly deliveryWindow: number;
  /** From the end of the delivery window; an evaluator silent until then has accepted. */
  readonly verdictWindow: number;
  /** Nothing is paid before this has passed after the verdict; 0 unless given. */
  readonly disputeWindow?: number;
  /** Given to each ranked loser in turn after a no-show; needed when `maxReassignments` is above 0. */
  readonly acceptanceWindow?: number;
  /** How often a unit may get another agent after a no-show; 0 unless given. */
  readonly maxReassignments?: number;
}

export interface PostTaskResult extends WriteResult {
  readonly taskId: bigint;
  readonly tenderId: Hex;
  /** Last second for commitments. */
  readonly commitDeadline: bigint;
  /** Last second for reveals. */
  readonly revealDeadline: bigint;
}

/**
 * Posts a task: escrows the reserve of all its units and opens a sealed-bid tender.
 * @example
 * ```ts
 * const { taskId } = await postTask(client, {
 *   specification: keccak256(file),
 *   mechanism: "vickrey",
 *   evaluator,
 *   reserve: 5_000_000n,
 *   commitWindow: 30,
 *   revealWindow: 30,
 *   deliveryWindow: 600,
 *   verdictWindow: 600,
 * });
 * ```
 */
export async function postTask(client: AllotCore, parameters: PostTaskParameters): Promise<PostTaskResult> {
  const { taskMarket } = client.allot.rules;
  const market = { address: taskMarket, abi: taskMarketAbi } as const;
  const network = await callRules(readContract(client, { ...market, functionName: "parameters" }));
  const { reserve, units = 1, lock = network.lockMin } = parameters;
  await ensureAllowance(client, taskMarket, reserve * BigInt(units) + network.postingFee);
  const data = encodeFunctionData({
    abi: taskMarketAbi,
    functionName: "post",
    args: [
      {
        requirements: (parameters.requirements ?? []).map(({ capability, level = 0, attester = zeroAddress }) => ({
          capability: capabilityIdOf(capability),
          level,
          attester,
        })),
        mechanism: client.allot.rules[parameters.mechanism],
        evaluator: parameters.evaluator,
        reserve,
        units,
        maxBidders: parameters.maxBidders ?? 256,
        lock,
        commitWindow: parameters.commitWindow,
        revealWindow: parameters.revealWindow,
        deliveryWindow: parameters.deliveryWindow,
        verdictWindow: parameters.verdictWindow,
        disputeWindow: parameters.disputeWindow ?? 0,
        acceptanceWindow: parameters.acceptanceWindow ?? 0,
        maxReassignments: parameters.maxReassignments ?? 0,
        specification: parameters.specification,
        uri: parameters.uri ?? "",
      },
    ],
  });
  const result = await sendTransaction(client, { to: taskMarket, data, gas: parameters.gas });
  const events = parseEventLogs({ abi: taskMarketAbi, logs: result.receipt.logs, eventName: "TaskPosted" });
  const { taskId, tenderId, commitDeadline, revealDeadline } = requireEvent(events, "TaskPosted").args;
  return { ...result, taskId, tenderId, commitDeadline, revealDeadline };
}
