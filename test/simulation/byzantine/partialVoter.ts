import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

/** Votes and certificates reach only the next few validators, then nobody. */
export const partialVoter = (reached: number, silentFromView: number) => (): Byzantine => ({
  outgoing(message: PeerMessage, self, to, validators) {
    if (message.kind === "vote" && message.vote.vote.view >= silentFromView) return [];
    if (message.kind !== "vote" && message.kind !== "certificate") return [message];
    return (to - self + validators) % validators <= reached ? [message] : [];
  },
});
