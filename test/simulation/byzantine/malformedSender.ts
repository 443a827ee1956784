import type { PeerMessage } from "../../../node/types/message.ts";
import { encodeMessage } from "../../../node/types/messageCodec.ts";
import type { Byzantine } from "./byzantine.ts";

/** Sends, beside every message, its encoding cut short, lengthened, with bits flipped, and noise. */
export const malformedSender = (): Byzantine => ({
  outgoing: (message: PeerMessage) => [message],
  frames(message, random) {
    const good = encodeMessage(message);
    const flipped = Uint8Array.from(good);
    const at = random.below(flipped.length);
    flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
    const noise = Uint8Array.from({ length: random.below(300) }, () => random.below(256));
    return [good.subarray(0, random.below(good.length)), Uint8Array.from([...good, 0]), flipped, noise];
  },
});
