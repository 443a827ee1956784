// Blocks, certificates and votes with made-up contents: stores do not look inside.

import type { SealedBlock } from "../../node/types/block.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { type Address, Digest, Epoch, Height, Signature, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import type { SignedVote, Vote } from "../../node/types/vote.ts";

export const genesis = Digest(`0x${"07".repeat(32)}`);
const signature = Signature(`0x${"5a".repeat(64)}1b`);

/** A chain of `count` blocks from height 1; block h stands in view 2h. */
export function chainOf(count: number, blockBytes = 10): SealedBlock[] {
  const blocks: SealedBlock[] = [];
  for (let height = 1; height <= count; height++) {
    const parent = blocks.at(-1);
    const header = {
      chainId: 1,
      epoch: Epoch(0),
      view: View(2 * height),
      height: Height(height),
      parentView: View(2 * (height - 1)),
      parentDigest: parent?.digest ?? genesis,
      proposer: `0x${"aa".repeat(20)}` as Address,
      timestampMs: 1_000 * height,
      parentExecutionHash: genesis,
    };
    const transactions: Uint8Array[] = [];
    for (let rest = blockBytes; rest > 0; rest -= 100_000) {
      transactions.push(Buffer.alloc(Math.min(100_000, rest), height));
    }
    blocks.push(sealBlock(header, transactions, { parent: undefined, nullifications: [] }));
  }
  return blocks;
}

export function certificate<V extends Vote>(vote: V): Certificate<V> {
  const signers = [0, 1, 2].map(ValidatorIndex);
  return { vote, signers, signatures: signers.map(() => signature) };
}

export const finalizationOf = (block: SealedBlock) =>
  certificate({ kind: "finalize", epoch: Epoch(0), view: block.header.view, digest: block.digest });

export const nullificationOf = (view: number) => certificate({ kind: "nullify", epoch: Epoch(0), view: View(view) });

export const voteOf = (vote: Vote, signer: number): SignedVote => ({ vote, signer: ValidatorIndex(signer), signature });
