// The watchdog: reads every relayed bid, also those that the rules refused, and reports the agent that signed two
// different ones for the same slot, or one that is not what it committed on chain. The signatures are in the
// transactions, the commitments in the tender; nobody has to be believed.
import { decodeFunctionData, type Hex } from "viem";
import {
  type BidContradiction,
  marketDomain,
  recoverBidSigner,
  type SignedBid,
  sealedBidTenderAbi,
} from "../../../sdk/index.ts";
import type { EvidenceKind } from "../roleConfig.ts";
import type { RoleContext } from "../roleContext.ts";

export async function runWatchdog({ client, tell, say }: RoleContext): Promise<void> {
  const tender = client.allot.rules.sealedBidTender.toLowerCase();
  const network = await client.allot.network();
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.sealedBidTender });
  const seen = new Map<string, SignedBid>();
  const reported = new Set<string>();

  const inspect = async (input: Hex): Promise<void> => {
    const signed = signedBidIn(input);
    if (signed === undefined) return;
    const slot = `${signed.bid.tenderId}/${signed.bid.agentId}/${signed.bid.slot}`;
    const first = seen.get(slot);
    seen.set(slot, first ?? signed);
    if (reported.has(slot)) return;
    if (first !== undefined && first.bid.commitment !== signed.bid.commitment) {
      reported.add(slot);
      await report({ first, second: signed }, "two signatures");
      return;
    }
    const bidder = await recoverBidSigner(domain, signed.bid, signed.signature);
    const committed = await client.getCommitment({ tenderId: signed.bid.tenderId, bidder });
    // The chain keeps 31 bytes of a commitment.
    if (committed === undefined || committed.slice(0, 64) === signed.bid.commitment.slice(0, 64)) return;
    reported.add(slot);
    await report({ first: signed, committedBy: bidder }, "a signature and a commitment");
  };
  const report = async (contradiction: BidContradiction, evidence: EvidenceKind): Promise<void> => {
    const { agentId, tenderId } = contradiction.first.bid;
    say(`agent ${agentId} made two bids for tender ${tenderId.slice(0, 10)}…: reporting it by ${evidence}`);
    const { reward } = await client.reportBidEquivocation(contradiction);
    say(`the evidence was accepted; the reporter's share is ${Number(reward) / 1e6} credits`);
    tell({ kind: "convicted", agentId: String(agentId), evidence });
  };

  client.watchFinality({
    fromBlock: 1n,
    onFinal: async ({ height, transactions }) => {
      if (transactions === 0) return;
      const block = await client.getBlock({ blockNumber: height, includeTransactions: true });
      for (const { to, input } of block.transactions) {
        if (to?.toLowerCase() !== tender) continue;
        // A statement that does not hold as evidence is no reason to stop watching.
        await inspect(input).catch((error: Error) => say(`evidence refused: ${error.message}`));
      }
    },
  });
  tell({ kind: "ready" });
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
