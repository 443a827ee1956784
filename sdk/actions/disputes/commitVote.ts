import { encodeFunctionData, type Hex } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { voteCommitmentOf } from "../../typedData/voteCommitment.ts";
import { voteSaltOf } from "./voteSalt.ts";

export interface CommitVoteParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
  /** True for the objector, false for the verdict as it stands. */
  readonly uphold: boolean;
  /** 32 random bytes; derived from the account's key unless given, so that `revealVote` finds it again by itself. */
  readonly salt?: Hex;
}

export interface CommitVoteResult extends WriteResult {
  /** What opens the vote. */
  readonly salt: Hex;
}

/**
 * Seals a vote in a dispute, by the bid key that was drawn (`getDispute`), once, until the vote deadline. Throws
 * `RevertedError`: `DisputePanelNoSeat`, `DisputePanelVoteMade`, `DisputePanelOutsideVoting`.
 * @example
 * ```ts
 * await commitVote(client, { taskId, uphold: true });
 * ```
 */
export async function commitVote(client: AllotCore, parameters: CommitVoteParameters): Promise<CommitVoteResult> {
  const { taskId, unit = 0, uphold, gas = gasOf.vote } = parameters;
  const { disputePanel } = client.allot.rules;
  const salt = parameters.salt ?? (await voteSaltOf(client, taskId, unit));
  const { chainId } = await client.allot.network();
  const voter = requireAccount(client).address;
  const commitment = voteCommitmentOf({ chainId, panel: disputePanel, taskId, unit, voter, uphold, salt });
  const args = [taskId, BigInt(unit), commitment] as const;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "commitVote", args });
  return { ...(await sendTransaction(client, { to: disputePanel, data, gas })), salt };
}
