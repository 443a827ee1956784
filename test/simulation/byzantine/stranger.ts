import { Epoch } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

/** Repeats each vote for another epoch, and signed for another network. */
export const stranger =
  (otherNetwork: SigningScheme) =>
  (scheme: SigningScheme): Byzantine => ({
    outgoing(message: PeerMessage, self) {
      if (message.kind !== "vote" || message.vote.signer !== self) return [message];
      const { vote } = message.vote;
      const ofNextEpoch = scheme.sign(self, { ...vote, epoch: Epoch(vote.epoch + 1) });
      return [message, { kind: "vote", vote: ofNextEpoch }, { kind: "vote", vote: otherNetwork.sign(self, vote) }];
    },
  });
