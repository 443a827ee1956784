import type { ValidatorIndex } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

/** Gives every view up, whatever happens in it. */
export const nullifier = (scheme: SigningScheme): Byzantine => ({
  outgoing(message: PeerMessage, self: ValidatorIndex) {
    if (message.kind === "proposal") return [];
    if (message.kind !== "vote" || message.vote.signer !== self) return [message];
    const { epoch, view } = message.vote.vote;
    return [{ kind: "vote", vote: scheme.sign(self, { kind: "nullify", epoch, view }) }];
  },
});
