import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

const lateMs = 550;

/** Every vote leaves just before, or after, the view is given up. */
export const lateVoter = (): Byzantine => ({
  outgoing: (message: PeerMessage) => [message],
  delayMs: (message) => (message.kind === "vote" ? lateMs : 0),
});
