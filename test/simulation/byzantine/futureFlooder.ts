import { View } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

const distances = [2, 17, 63, 64, 65, 1_000, 1_000_000, 2 ** 40];

/** Votes for views that nobody has reached, with every vote it casts. */
export const futureFlooder = (scheme: SigningScheme): Byzantine => ({
  outgoing(message: PeerMessage, self) {
    if (message.kind !== "vote" || message.vote.signer !== self) return [message];
    const { epoch, view } = message.vote.vote;
    const flood = distances.map((far) => scheme.sign(self, { kind: "nullify", epoch, view: View(view + far) }));
    return [message, ...flood.map((vote) => ({ kind: "vote", vote }) as const)];
  },
});
