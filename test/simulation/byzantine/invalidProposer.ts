import type { ConsensusHeader, SealedBlock } from "../../../node/types/block.ts";
import { sealBlock } from "../../../node/types/blockCodec.ts";
import { type Address, type Digest, Epoch, Height, View } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

const someDigest = `0x${"ab".repeat(32)}` as Digest;
const text = (value: string): Uint8Array => Buffer.from(value, "latin1");

interface Change {
  readonly header?: Partial<ConsensusHeader>;
  readonly transactions?: readonly Uint8Array[];
  readonly justification?: SealedBlock["justification"];
}

/** What can be wrong with a block, each of which alone makes it invalid. */
export const blockFaults: Readonly<Record<string, (block: SealedBlock) => Change>> = {
  chainId: ({ header }) => ({ header: { chainId: header.chainId + 1 } }),
  epoch: ({ header }) => ({ header: { epoch: Epoch(header.epoch + 1) } }),
  height: ({ header }) => ({ header: { height: Height(header.height + 1) } }),
  heightBelow: ({ header }) => ({ header: { height: Height(Math.max(0, header.height - 1)) } }),
  parentView: ({ header }) => ({ header: { parentView: View(header.view) } }),
  parentDigest: () => ({ header: { parentDigest: someDigest } }),
  proposer: () => ({ header: { proposer: `0x${"cd".repeat(20)}` as Address } }),
  timeBack: () => ({ header: { timestampMs: 1 } }),
  timeAhead: ({ header }) => ({ header: { timestampMs: header.timestampMs + 10 * 60_000 } }),
  parentResult: () => ({ header: { parentExecutionHash: someDigest } }),
  invalidTransaction: () => ({ transactions: [text("invalid")] }),
  repeatedTransaction: () => ({ transactions: [text("the same"), text("the same")] }),
  tooMany: () => ({ transactions: Array.from({ length: 51 }, (_, i) => text(`one of too many ${i}`)) }),
  tooLarge: () => ({ transactions: [text("x".repeat(110_000))] }),
  noJustification: () => ({ justification: { parent: undefined, nullifications: [] } }),
};

/** A leader whose every block is invalid, in one way after another. */
export function invalidProposer(faults: readonly string[] = Object.keys(blockFaults)) {
  return (scheme: SigningScheme): Byzantine => {
    const made = new Map<Digest, SealedBlock>();
    const spoilt = (block: SealedBlock): SealedBlock => {
      const known = made.get(block.digest);
      if (known !== undefined) return known;
      const fault = blockFaults[faults[made.size % faults.length] as string];
      const change = fault?.(block) ?? {};
      const { transactionsHash: _t, justificationHash: _j, ...header } = { ...block.header, ...change.header };
      const bad = sealBlock(
        header,
        change.transactions ?? block.transactions,
        change.justification ?? block.justification,
      );
      made.set(block.digest, bad);
      return bad;
    };
    return {
      outgoing(message: PeerMessage, self) {
        if (message.kind !== "proposal" || message.vote.vote.kind !== "notarize") return [message];
        const block = spoilt(message.block);
        return [{ kind: "proposal", block, vote: scheme.sign(self, { ...message.vote.vote, digest: block.digest }) }];
      },
    };
  };
}
