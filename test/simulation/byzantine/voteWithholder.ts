import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

/** Proposes, and keeps every vote to itself. */
export const voteWithholder = (): Byzantine => ({
  outgoing: (message: PeerMessage) => (message.kind === "vote" ? [] : [message]),
});
