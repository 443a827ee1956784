import { type Abi, encodeFunctionData, type Hex, parseEventLogs } from "viem";
import { readContract } from "viem/actions";
import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { gasOf } from "../../transactions/gasOf.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { randomSalt } from "../../typedData/commitment.ts";

export interface ReportParameters extends WriteParameters {
  /**
   * `true` (unless given) commits to the evidence first, which earns the reporter's share; `false` shows it at once,
   * for nothing, in one transaction.
   */
  readonly claimReward?: boolean;
}

export interface ReportResult extends WriteResult {
  readonly faultId: Hex;
  /** Taken from the offender's stake by this report, in units of 10⁻⁶ credit; 0 when another had punished it before. */
  readonly taken: bigint;
  /** Reporter's share, paid by `withdrawReward` after the unbonding delay. */
  readonly reward: bigint;
}

/** A slashing module, and evidence in the form that it takes. */
export interface ModuleEvidence {
  readonly address: Hex;
  readonly abi: Abi;
  readonly evidence: object;
}

/** Shows evidence to a slashing module, after checking it by a call. Every module has the same functions for it. */
export async function reportEvidence(
  client: AllotCore,
  module: ModuleEvidence,
  parameters: ReportParameters,
): Promise<ReportResult> {
  const { claimReward = true, gas = gasOf.reportEquivocation } = parameters;
  const { address, abi, evidence } = module;
  const call = readContract(client, { address, abi, functionName: "verify", args: [evidence] });
  const faultId = (await callRules(call)) as Hex;
  const data = claimReward
    ? await commitFirst(client, module)
    : encodeFunctionData({ abi, functionName: "report", args: [evidence] });
  const result = await sendTransaction(client, { to: address, data, gas });
  // The events are those that all modules share.
  const events = parseEventLogs({ abi: bidEquivocationAbi, logs: result.receipt.logs });
  const punished = events.find((event) => event.eventName === "FaultPunished");
  const rewarded = events.find((event) => event.eventName === "FaultRewarded");
  return { ...result, faultId, taken: punished?.args.taken ?? 0n, reward: rewarded?.args.amount ?? 0n };
}

/** Commits to the evidence; the next transaction lands in a later block, since this one's receipt is awaited. */
async function commitFirst(client: AllotCore, { address, abi, evidence }: ModuleEvidence): Promise<Hex> {
  const salt = randomSalt();
  const args = [evidence, requireAccount(client).address, salt];
  const call = readContract(client, { address, abi, functionName: "evidenceCommitment", args });
  const commitment = await callRules(call);
  const data = encodeFunctionData({ abi, functionName: "commitEvidence", args: [commitment] });
  await sendTransaction(client, { to: address, data });
  return encodeFunctionData({ abi, functionName: "reportCommitted", args: [evidence, salt] });
}
