import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

/** Votes like everybody else and proposes nothing. */
export const silentLeader = (): Byzantine => ({
  outgoing: (message: PeerMessage) => (message.kind === "proposal" ? [] : [message]),
});
