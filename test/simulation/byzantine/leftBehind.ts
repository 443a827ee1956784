import { Epoch, type ValidatorIndex } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

const remembered = 4;

/** Honest while it has a seat; without one it repeats what it proposed and voted, as it was and signed for the next epochs
 * under its former index. */
export function leftBehind(scheme: SigningScheme): Byzantine {
  const said: Extract<PeerMessage, { kind: "proposal" | "vote" }>[] = [];
  let index: ValidatorIndex | undefined;
  return {
    outgoing(message, self) {
      index = self;
      const isOwn = (message.kind === "proposal" || message.kind === "vote") && message.vote.signer === self;
      if (isOwn) said.splice(0, said.length, ...[...said, message].slice(-remembered));
      return [message];
    },
    unseated(message) {
      const claimed = said.flatMap((old) => {
        const { vote } = old.vote;
        const later = [1, 2].map((ahead) => {
          const relabelled = scheme.sign(index as ValidatorIndex, { ...vote, epoch: Epoch(vote.epoch + ahead) });
          return { ...old, vote: relabelled } as PeerMessage;
        });
        return [old, ...later];
      });
      return [message, ...claimed];
    },
  };
}
