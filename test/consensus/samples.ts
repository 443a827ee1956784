// Fixed values for the wire vectors: nothing random, nothing that depends on where or when it is made.

import { addressOfKey } from "../../node/crypto/secp256k1.ts";
import { signHash } from "../../node/crypto/secp256k1Scheme.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { type Address, type Digest, Epoch, Height, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Certificate } from "../../node/types/certificate.ts";
import { hexOf } from "../../node/types/hex.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { ConsensusRecord } from "../../node/types/record.ts";
import type { SignedVote, Vote } from "../../node/types/vote.ts";
import { type VoteDomain, voteHasher } from "../../node/types/votePreimage.ts";

const word = (byte: string): Digest => `0x${byte.repeat(32)}` as Digest;

export const domain: VoteDomain = { chainId: 31_107, networkId: word("5a") };
export const keys = [1, 2, 3, 4].map((n) => Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? n : 0)));
/** The keys' addresses, sorted as a validator set is. */
const sorted = keys
  .map((key) => ({ key, address: hexOf(addressOfKey(key)) as Address }))
  .sort((a, b) => (a.address < b.address ? -1 : 1));
export const validators = sorted.map(({ address }) => address);

export function sign(signer: number, vote: Vote, of: VoteDomain = domain): SignedVote {
  const key = sorted[signer]?.key as Uint8Array;
  return { vote, signer: ValidatorIndex(signer), signature: signHash(voteHasher(of)(vote), key) };
}

export function certify<V extends Vote>(vote: V, signers: readonly number[] = [0, 1, 3]): Certificate<V> {
  const signatures = signers.map((signer) => sign(signer, vote).signature);
  return { vote, signers: signers.map(ValidatorIndex), signatures };
}

const epoch = Epoch(0);
export const votes = {
  notarize: { kind: "notarize", epoch, view: View(7), digest: word("11") },
  nullify: { kind: "nullify", epoch: Epoch(3), view: View(2 ** 40) },
  finalize: { kind: "finalize", epoch, view: View(7), digest: word("11") },
} as const satisfies Record<string, Vote>;

const header = {
  chainId: 31_107,
  epoch,
  view: View(9),
  height: Height(5),
  parentView: View(7),
  parentDigest: word("11"),
  proposer: validators[1] as Address,
  timestampMs: 1_790_000_000_123,
  parentExecutionHash: word("22"),
};

export const block = sealBlock(header, [Uint8Array.of(1), new Uint8Array(60).fill(7), new Uint8Array(0)], {
  parent: certify(votes.notarize),
  nullifications: [certify({ kind: "nullify", epoch, view: View(8) })],
});

export const firstBlock = sealBlock({ ...header, view: View(1), height: Height(1), parentView: View(0) }, [], {
  parent: undefined,
  nullifications: [],
});

const proposalVote = { kind: "notarize", epoch, view: View(9), digest: block.digest } as const;

export const messages: readonly PeerMessage[] = [
  { kind: "proposal", block, vote: sign(1, proposalVote) },
  { kind: "vote", vote: sign(0, votes.notarize) },
  { kind: "vote", vote: sign(2, votes.nullify) },
  { kind: "certificate", certificate: certify(votes.finalize) },
  { kind: "status", epoch, view: View(12), height: Height(9), signedEpoch: epoch },
  { kind: "fetchBlock", digest: block.digest },
  { kind: "fetchHeights", fromHeight: Height(100), count: 64 },
  { kind: "fetchViews", epoch: Epoch(2), fromView: View(3), toView: View(300) },
  {
    kind: "blocks",
    blocks: [
      { block: firstBlock, finalization: undefined },
      { block, finalization: certify({ ...votes.finalize, view: View(9), digest: block.digest }) },
    ],
  },
  { kind: "blocks", blocks: [] },
  { kind: "certificates", certificates: [certify(votes.nullify), certify(votes.notarize)] },
];

export const records: readonly ConsensusRecord[] = [
  { kind: "block", block },
  { kind: "certificate", certificate: certify(votes.nullify) },
  { kind: "vote", vote: votes.finalize },
];
