import type { SealedBlock } from "../../../node/types/block.ts";
import { sealBlock } from "../../../node/types/blockCodec.ts";
import type { Digest, ValidatorIndex } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

/** Which of the leader's blocks a peer is shown: the n-th variant, 0 being the honest one. `offset` is the peer's
 * distance from the leader, 1 to n − 1. */
export type Split = (offset: number, validators: number) => number;

export const splits = {
  half: (offset, validators) => (offset < validators / 2 ? 0 : 1),
  majority: (offset) => (offset === 1 ? 1 : 0),
  each: (offset) => offset,
} as const satisfies Record<string, Split>;

/** A leader that proposes different blocks to different validators, signing each of them. */
export function equivocator(split: Split): (scheme: SigningScheme) => Byzantine {
  return (scheme) => {
    const variants = new Map<string, SealedBlock>();
    const variantOf = (block: SealedBlock, n: number): SealedBlock => {
      if (n === 0) return block;
      const key = `${block.digest}/${n}`;
      const known = variants.get(key);
      if (known !== undefined) return known;
      const { transactionsHash: _t, justificationHash: _j, ...header } = block.header;
      const timestampMs = header.timestampMs + n;
      const variant = sealBlock({ ...header, timestampMs }, block.transactions, block.justification);
      variants.set(key, variant);
      return variant;
    };
    return {
      outgoing(message: PeerMessage, self: ValidatorIndex, to: ValidatorIndex, validators: number) {
        if (message.kind !== "proposal") return [message];
        const { vote } = message.vote;
        if (vote.kind !== "notarize") return [message];
        const block = variantOf(message.block, split((to - self + validators) % validators, validators));
        const digest: Digest = block.digest;
        return [{ kind: "proposal", block, vote: scheme.sign(self, { ...vote, digest }) }];
      },
    };
  };
}
