import { decodeFunctionData, type Hex, isAddressEqual, numberToHex } from "viem";
import { readContract } from "viem/actions";
import { bidEquivocationAbi } from "../../abis/bidEquivocation.ts";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { ClientError } from "../../errors/clientError.ts";
import { RevertedError } from "../../errors/revertedError.ts";
import type { BidEvidenceFile } from "../../evidence/evidenceFile.ts";
import { exportBidEvidence } from "../../evidence/exportEvidence.ts";
import { callRules } from "../../transactions/callRules.ts";
import { hashBid } from "../../typedData/bid.ts";
import { type MarketDomain, marketDomain } from "../../typedData/domain.ts";
import { recoverCanonical } from "../../typedData/recoverCanonical.ts";
import { getCommitment, isSameCommitment } from "../bids/getCommitment.ts";
import type { SignedBid } from "../bids/signBid.ts";
import { getPosting } from "../tasks/getPosting.ts";
import { bidEvidenceOfFile } from "./bidEvidence.ts";

export interface FindBidEvidenceParameters {
  readonly taskId: bigint;
  /** Last block to look at; the last one before the task's reveal deadline unless given. */
  readonly toBlock?: bigint;
}

/** Blocks read at once. */
const blocksAtOnce = 16;

/**
 * Agents that made two different bids for a task, by what stands on chain for everybody: the bids that they signed and
 * others relayed, also those that the rules refused, and what they committed themselves. A file per agent, each accepted
 * by the rules as it is; `submitEvidence` submits it. Throws `ClientError` (`NOT_FOUND`) for no such task.
 * @example
 * ```ts
 * for (const evidence of await findBidEvidence(client, { taskId })) await submitEvidence(client, { evidence });
 * ```
 */
export async function findBidEvidence(
  client: AllotCore,
  { taskId, toBlock }: FindBidEvidenceParameters,
): Promise<readonly BidEvidenceFile[]> {
  const posting = await getPosting(client, { taskId });
  if (posting === undefined) throw new ClientError("NOT_FOUND", "There is no such task.", { facts: { taskId } });
  const { tenderId, blockNumber, revealDeadline } = posting;
  const until = toBlock === undefined ? { second: revealDeadline } : { block: toBlock };
  const relayed = await relayedBids(client, tenderId, blockNumber, until);
  const found: BidEvidenceFile[] = [];
  for (const bids of byAuthor(relayed)) {
    const evidence = await contradictionIn(client, bids);
    // An agent has one key for a tender: what its other keys signed convicts nobody.
    if (evidence !== undefined && (await isAccepted(client, evidence))) found.push(evidence);
  }
  return found;
}

interface AuthoredBid extends SignedBid {
  readonly author: Hex;
}

type Until = { readonly second: bigint } | { readonly block: bigint };

async function relayedBids(
  client: AllotCore,
  tenderId: Hex,
  fromBlock: bigint,
  until: Until,
): Promise<readonly AuthoredBid[]> {
  const { sealedBidTender } = client.allot.rules;
  const domain = marketDomain({ ...(await client.allot.network()), verifyingContract: sealedBidTender });
  const newest = BigInt(await client.request({ method: "eth_blockNumber" }));
  const last = "block" in until && until.block < newest ? until.block : newest;
  const found: AuthoredBid[] = [];
  for (let from = fromBlock; from <= last; from += BigInt(blocksAtOnce)) {
    const heights = Array.from({ length: blocksAtOnce }, (_, i) => from + BigInt(i)).filter((height) => height <= last);
    const blocks = await Promise.all(
      heights.map((height) => client.request({ method: "eth_getBlockByNumber", params: [numberToHex(height), true] })),
    );
    for (const block of blocks) {
      if (block === null) continue;
      if ("second" in until && BigInt(block.timestamp) > until.second) return found;
      for (const transaction of block.transactions) {
        if (typeof transaction === "string" || transaction.to === null) continue;
        if (!isAddressEqual(transaction.to, sealedBidTender)) continue;
        const bid = await authoredBid(domain, transaction.input);
        if (bid?.bid.tenderId === tenderId && bid.bid.slot === 0n) found.push(bid);
      }
    }
  }
  return found;
}

async function authoredBid(domain: MarketDomain, input: Hex): Promise<AuthoredBid | undefined> {
  const signed = signedBidIn(input);
  if (signed === undefined) return undefined;
  const author = await recoverCanonical(hashBid(domain, signed.bid), signed.signature);
  return author === undefined ? undefined : { ...signed, author };
}

function signedBidIn(input: Hex): SignedBid | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: sealedBidTenderAbi, data: input });
    return functionName === "commitBidFor" ? { bid: args[0], signature: args[1] } : undefined;
  } catch {
    // Anybody may send anything to the tender; what is no call of it is no bid.
    return undefined;
  }
}

function byAuthor(bids: readonly AuthoredBid[]): readonly (readonly AuthoredBid[])[] {
  const groups = new Map<string, AuthoredBid[]>();
  for (const one of bids) {
    const key = `${one.bid.agentId}/${one.author}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Two bids that one key signed, or one and what the key has committed. */
async function contradictionIn(client: AllotCore, bids: readonly AuthoredBid[]): Promise<BidEvidenceFile | undefined> {
  const [first] = bids;
  if (first === undefined) return undefined;
  const parameters = { ...(await client.allot.network()), rules: client.allot.rules };
  const other = bids.find(({ bid }) => !isSameCommitment(bid.commitment, first.bid.commitment));
  if (other !== undefined) return exportBidEvidence(parameters, first, other);
  const commitment = await getCommitment(client, { tenderId: first.bid.tenderId, bidder: first.author });
  if (commitment === undefined || isSameCommitment(commitment, first.bid.commitment)) return undefined;
  return exportBidEvidence(parameters, first, { committedBy: first.author, commitment });
}

async function isAccepted(client: AllotCore, evidence: BidEvidenceFile): Promise<boolean> {
  const module = { address: client.allot.rules.bidEquivocation, abi: bidEquivocationAbi } as const;
  try {
    const args = [bidEvidenceOfFile(evidence)] as const;
    await callRules(readContract(client, { ...module, functionName: "verify", args }));
    return true;
  } catch (error) {
    if (error instanceof RevertedError) return false;
    throw error;
  }
}
