import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

/** A leader that shows its block to just enough others for a quorum, and answers no request for it. */
export function withholder(): Byzantine {
  return {
    outgoing(message: PeerMessage, self, to, validators) {
      const isLeftOut = to === (self + 1) % validators;
      if (message.kind === "blocks") return [{ kind: "blocks", blocks: [] }];
      return message.kind === "proposal" && isLeftOut ? [] : [message];
    },
  };
}
