import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

const keptMax = 500;

/** Sends certificates and votes of long ago along with everything. */
export function replayer(): Byzantine {
  const kept: PeerMessage[] = [];
  let next = 0;
  return {
    outgoing(message: PeerMessage) {
      if ((message.kind === "certificate" || message.kind === "vote") && kept.length < keptMax) kept.push(message);
      const old = kept[next++ % Math.max(1, kept.length)];
      return old === undefined ? [message] : [message, old];
    },
  };
}
