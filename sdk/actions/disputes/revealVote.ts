import { type Address, encodeFunctionData, type Hex, isAddressEqual } from "viem";
import { disputePanelAbi } from "../../abis/disputePanel.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { voteCommitmentOf } from "../../typedData/voteCommitment.ts";
import { getDispute } from "./getDispute.ts";
import { voteSaltOf } from "./voteSalt.ts";

export interface RevealVoteParameters extends WriteParameters {
  readonly taskId: bigint;
  /** 0 unless given. */
  readonly unit?: number;
  /** Whose vote; the client's account unless given. Anyone who has the opening may open a vote. */
  readonly voter?: Address;
  /** As it was sealed; unless given, the one that fits the commitment. */
  readonly uphold?: boolean;
  /** As it was sealed; the one that `commitVote` derives from the account's key unless given. */
  readonly salt?: Hex;
}

/**
 * Opens a sealed vote, after the vote deadline and until the reveal deadline. A voter that used `commitVote` without a
 * salt needs to remember nothing. Throws `RevertedError`: `DisputePanelOpeningMismatch`, `DisputePanelNotSealed`,
 * `DisputePanelNoSeat`, `DisputePanelOutsideVoting`.
 * @example
 * ```ts
 * await revealVote(client, { taskId });
 * ```
 */
export async function revealVote(client: AllotCore, parameters: RevealVoteParameters): Promise<WriteResult> {
  const { taskId, unit = 0, voter = requireAccount(client).address, gas = gasOf.vote } = parameters;
  const { disputePanel } = client.allot.rules;
  const salt = parameters.salt ?? (await voteSaltOf(client, taskId, unit));
  const uphold = parameters.uphold ?? (await sealedChoice(client, { taskId, unit, voter, salt }));
  const args = [taskId, BigInt(unit), voter, uphold, salt] as const;
  const data = encodeFunctionData({ abi: disputePanelAbi, functionName: "revealVote", args });
  return sendTransaction(client, { to: disputePanel, data, gas });
}

/** What the voter sealed, found by trying; false when neither fits, which the panel then refuses. */
async function sealedChoice(
  client: AllotCore,
  vote: { readonly taskId: bigint; readonly unit: number; readonly voter: Address; readonly salt: Hex },
): Promise<boolean> {
  const { chainId } = await client.allot.network();
  const dispute = await getDispute(client, vote);
  const seat = dispute?.seats.find(({ voter }) => isAddressEqual(voter, vote.voter));
  const panel = client.allot.rules.disputePanel;
  return seat?.commitment === voteCommitmentOf({ ...vote, chainId, panel, uphold: true });
}
