import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

/** Speaks to every second validator only. */
export const selectiveSender = (): Byzantine => ({
  outgoing: (message: PeerMessage, self, to, validators) =>
    ((to - self + validators) % validators) % 2 === 0 ? [] : [message],
});
