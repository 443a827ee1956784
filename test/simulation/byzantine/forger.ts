import type { ValidatorIndex } from "../../../node/types/brands.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { SigningScheme } from "../simulatedScheme.ts";
import type { Byzantine } from "./byzantine.ts";

/** Speaks in the names of others: their votes under its own signature, and certificates that no quorum signed. */
export const forger = (scheme: SigningScheme): Byzantine => ({
  outgoing(message: PeerMessage, self: ValidatorIndex, to: ValidatorIndex, validators: number) {
    if (message.kind === "vote" && message.vote.signer === self) {
      const victim = ((to + 1) % validators) as ValidatorIndex;
      const forged = { ...scheme.sign(self, message.vote.vote), signer: victim };
      return [message, { kind: "vote", vote: forged }];
    }
    if (message.kind === "certificate") {
      const { certificate } = message;
      const { vote, signers, signatures } = certificate;
      const first = signatures[0] as (typeof signatures)[number];
      const oneForAll = { ...certificate, signatures: signers.map(() => first) };
      const tooFew = { vote, signers: signers.slice(1), signatures: signatures.slice(1) };
      const own = scheme.sign(self, vote).signature;
      const twice = { vote, signers: signers.map(() => self), signatures: signers.map(() => own) };
      return [
        message,
        ...[oneForAll, tooFew, twice].map((one) => ({ kind: "certificate", certificate: one }) as const),
      ];
    }
    return [message];
  },
});
