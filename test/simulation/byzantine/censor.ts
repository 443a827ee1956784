import type { SealedBlock } from "../../../node/types/block.ts";
import { sealBlock } from "../../../node/types/blockCodec.ts";
import type { Digest } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import { transactionText } from "../ledger.ts";
import { isEvidence } from "../simulatedRules.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

/** A leader that leaves out of its blocks whatever is evidence, and passes everything else through another adversary. */
export const censor =
  (other: (scheme: SigningScheme) => Byzantine) =>
  (scheme: SigningScheme): Byzantine => {
    const liar = other(scheme);
    const made = new Map<Digest, SealedBlock>();
    const without = (block: SealedBlock): SealedBlock => {
      const transactions = block.transactions.filter((raw) => !isEvidence(transactionText(raw)));
      if (transactions.length === block.transactions.length) return block;
      const known = made.get(block.digest);
      if (known !== undefined) return known;
      const { transactionsHash: _t, justificationHash: _j, ...header } = block.header;
      const censored = sealBlock(header, transactions, block.justification);
      made.set(block.digest, censored);
      return censored;
    };
    return {
      outgoing(message: PeerMessage, self, to, validators) {
        if (message.kind !== "proposal" || message.vote.vote.kind !== "notarize") {
          return liar.outgoing(message, self, to, validators);
        }
        const block = without(message.block);
        const vote = scheme.sign(self, { ...message.vote.vote, digest: block.digest });
        return liar.outgoing({ kind: "proposal", block, vote }, self, to, validators);
      },
    };
  };
