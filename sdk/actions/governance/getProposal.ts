import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { operatorsAbi } from "../../abis/operators.ts";
import type { AllotCore } from "../../clients/context.ts";
import { ClientError } from "../../errors/clientError.ts";
import { callRules } from "../../transactions/callRules.ts";
import { wordFor } from "../tasks/taskStatus.ts";
import { decodeRuleCall, type RuleCall } from "./ruleCall.ts";

/** The numbers of Operators.ProposalStatus, as words. */
export const proposalStatuses = ["none", "pending", "queued", "ready", "executed", "cancelled", "expired"] as const;
/** `pending`: too few approve. `queued`: its delay runs. `ready`: anyone may execute it. */
export type ProposalStatus = (typeof proposalStatuses)[number];

/** Times in seconds since 1970. */
export interface Proposal {
  readonly proposalId: bigint;
  readonly status: ProposalStatus;
  readonly proposer: Address;
  readonly target: Address;
  readonly data: Hex;
  /** What target and data mean; undefined for a call of none of the governed contracts. */
  readonly call: RuleCall | undefined;
  readonly proposedAt: bigint;
  /** First second in which it can be executed; undefined before it is queued. */
  readonly readyAt: bigint | undefined;
  /** Last second in which it can be queued, or, once queued, executed. */
  readonly expiresAt: bigint;
  /** Operators in office that approve it. */
  readonly approvals: number;
}

/**
 * Reads a proposal with its decoded call. Throws `ClientError` (`NOT_FOUND`) for an id that was never given.
 * @example
 * ```ts
 * const { status, call, readyAt } = await getProposal(client, { proposalId: 4n });
 * ```
 */
export async function getProposal(
  client: AllotCore,
  { proposalId }: { readonly proposalId: bigint },
): Promise<Proposal> {
  const { rules } = client.allot;
  const operators = { address: rules.operators, abi: operatorsAbi } as const;
  const count = await callRules(readContract(client, { ...operators, functionName: "proposalCount" }));
  if (proposalId < 0n || proposalId >= count) {
    const sentence = "There is no such proposal. Their ids count from 0.";
    throw new ClientError("NOT_FOUND", sentence, { facts: { proposalId, proposals: count } });
  }
  const [proposal, approvals] = await callRules(
    Promise.all([
      readContract(client, { ...operators, functionName: "proposalOf", args: [proposalId] }),
      readContract(client, { ...operators, functionName: "approvalsOf", args: [proposalId] }),
    ]),
  );
  const { target, data, proposer, proposedAt, readyAt, expiresAt } = proposal;
  return {
    proposalId,
    status: wordFor(proposalStatuses, proposal.status),
    proposer,
    target,
    data,
    call: decodeRuleCall(rules, target, data),
    proposedAt,
    readyAt: readyAt === 0n ? undefined : readyAt,
    expiresAt,
    approvals: Number(approvals),
  };
}
