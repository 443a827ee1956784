import { keccak256Hex } from "../../../node/crypto/keccak.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { Vote } from "../../../node/types/vote.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

type Lies = (vote: Vote) => readonly Vote[];

/** Adds to each vote it casts others that contradict it, signed by itself. */
export const contradictor =
  (lies: Lies) =>
  (scheme: SigningScheme): Byzantine => ({
    outgoing(message: PeerMessage, self) {
      if (message.kind !== "vote" || message.vote.signer !== self) return [message];
      const more = lies(message.vote.vote).map((vote) => scheme.sign(self, vote));
      return [message, ...more.map((vote) => ({ kind: "vote", vote }) as const)];
    },
  });

const otherDigest = (view: number) => keccak256Hex(new TextEncoder().encode(`a lie about view ${view}`));

export const doubleNotarizes: Lies = ({ kind, epoch, view }) =>
  kind === "notarize" ? [{ kind: "notarize", epoch, view, digest: otherDigest(view) }] : [];

export const doubleFinalizes: Lies = ({ kind, epoch, view }) =>
  kind === "finalize" ? [{ kind: "finalize", epoch, view, digest: otherDigest(view) }] : [];

export const nullifiesAndFinalizes: Lies = ({ kind, epoch, view }) => {
  if (kind === "finalize") return [{ kind: "nullify", epoch, view }];
  return kind === "nullify" ? [{ kind: "finalize", epoch, view, digest: otherDigest(view) }] : [];
};

/** All of them. */
export const contradictsAll: Lies = (vote) => [
  ...doubleNotarizes(vote),
  ...doubleFinalizes(vote),
  ...nullifiesAndFinalizes(vote),
];
