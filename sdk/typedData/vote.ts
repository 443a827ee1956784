import { type Address, type Hex, hashTypedData, recoverTypedDataAddress } from "viem";
import { unreachable } from "../../node/types/errors.ts";
import type { Vote } from "../../node/types/vote.ts";
import { voteTypes } from "../../node/types/voteTypes.ts";
import type { ConsensusDomain } from "./domain.ts";

function typedDataOf(domain: ConsensusDomain, vote: Vote) {
  const message = { epoch: BigInt(vote.epoch), view: BigInt(vote.view) };
  switch (vote.kind) {
    case "notarize":
      return {
        domain,
        types: voteTypes,
        primaryType: "Notarize",
        message: { ...message, digest: vote.digest },
      } as const;
    case "nullify":
      return { domain, types: voteTypes, primaryType: "Nullify", message } as const;
    case "finalize":
      return {
        domain,
        types: voteTypes,
        primaryType: "Finalize",
        message: { ...message, digest: vote.digest },
      } as const;
    default:
      return unreachable(vote);
  }
}

/** EIP-712 digest of a vote. */
export function hashVote(domain: ConsensusDomain, vote: Vote): Hex {
  return hashTypedData(typedDataOf(domain, vote) as Parameters<typeof hashTypedData>[0]);
}

/** The validator that signed a vote. */
export function recoverVoteSigner(domain: ConsensusDomain, vote: Vote, signature: Hex): Promise<Address> {
  const typedData = typedDataOf(domain, vote) as Parameters<typeof hashTypedData>[0];
  return recoverTypedDataAddress({ ...typedData, signature });
}
