import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import type { UnitParameters } from "../tasks/getAssignment.ts";
import { wordFor } from "../tasks/taskStatus.ts";
import { type PanelVote, type Ruling, rulings, votes } from "./dispute.ts";

/** A member drawn for a dispute. */
export interface PanelSeat {
  /** Bid key of the agent at the draw: the only one that votes, and who is paid. */
  readonly voter: Address;
  readonly agentId: bigint;
  /** What the vote counts. */
  readonly weight: number;
  readonly vote: PanelVote;
  /** Undefined while the vote is not sealed. */
  readonly commitment: Hex | undefined;
}

/** An objection and its votes so far. Amounts in units of 10⁻⁶ credit, times in seconds of block time. */
export interface Dispute {
  readonly taskId: bigint;
  readonly unit: number;
  /** How the dispute is decided, as of the last block. */
  readonly ruling: Ruling;
  readonly objector: Address;
  /** Last second for sealing votes. */
  readonly voteDeadline: number;
  /** Last second for opening them; the ruling is final from the next second on. */
  readonly revealDeadline: number;
  /** Fewest opened votes that decide. */
  readonly quorum: number;
  /** Whether the bond has been shared out. */
  readonly concluded: boolean;
  readonly bond: bigint;
  /** Per seat: paid for a vote that was opened, burned for one that was not. */
  readonly fee: bigint;
  /** In the order of the draw. */
  readonly seats: readonly PanelSeat[];
  /** Opened votes. */
  readonly votes: number;
  /** Weight of the opened votes for the objector. */
  readonly upholdWeight: number;
  /** Weight of the opened votes against. */
  readonly dismissWeight: number;
}

/**
 * Reads the dispute about a unit; undefined when nobody objected.
 * @example
 * ```ts
 * const dispute = await getDispute(client, { taskId: 12n });
 * ```
 */
export async function getDispute(client: AllotCore, parameters: UnitParameters): Promise<Dispute | undefined> {
  const { taskId, unit = 0 } = parameters;
  const panel = { address: client.allot.rules.disputePanel, abi: disputePanelAbi } as const;
  const args = [taskId, BigInt(unit)] as const;
  const [stored, seats, [ruling]] = await callRules(
    Promise.all([
      readContract(client, { ...panel, functionName: "disputeOf", args }),
      readContract(client, { ...panel, functionName: "seatsOf", args }),
      readContract(client, { ...panel, functionName: "rulingOf", args }),
    ]),
  );
  if (stored.voteDeadline === 0) return undefined;
  return {
    ...stored,
    taskId,
    unit,
    ruling: wordFor(rulings, ruling),
    seats: seats.map((seat) => ({
      ...seat,
      vote: wordFor(votes, seat.vote),
      commitment: BigInt(seat.commitment) === 0n ? undefined : seat.commitment,
    })),
  };
}
