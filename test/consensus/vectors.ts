import { keccak256Hex } from "../../node/crypto/keccak.ts";
import { encodeHeader } from "../../node/types/blockCodec.ts";
import { genesisDigest } from "../../node/types/digests.ts";
import { hexOf } from "../../node/types/hex.ts";
import { encodeMessage } from "../../node/types/messageCodec.ts";
import { encodeRecord } from "../../node/types/recordCodec.ts";
import { encodeCertificate } from "../../node/types/voteCodec.ts";
import { voteHasher } from "../../node/types/votePreimage.ts";
import { block, certify, domain, firstBlock, messages, records, sign, validators, votes } from "./samples.ts";

/** Everything that other implementations must reproduce. Written by `node test/consensus/writeVectors.ts`. */
export function vectors() {
  return {
    chainId: domain.chainId,
    networkId: domain.networkId,
    validators,
    genesisDigest: genesisDigest({
      ...domain,
      timestampMs: 1_790_000_000_000,
      validators: validators.map((address) => ({ address })),
    }),
    votes: Object.values(votes).map((vote) => ({
      vote,
      hash: hexOf(voteHasher(domain)(vote)),
      signatures: validators.map((_, signer) => sign(signer, vote).signature),
    })),
    certificates: Object.values(votes).map((vote) => hexOf(encodeCertificate(certify(vote)))),
    blocks: [block, firstBlock].map(({ header, digest }) => ({ header, encoded: hexOf(encodeHeader(header)), digest })),
    messages: messages.map((message) => ({ kind: message.kind, hash: keccak256Hex(encodeMessage(message)) })),
    records: records.map((record) => ({ kind: record.kind, hash: keccak256Hex(encodeRecord(record)) })),
  };
}
