// Votes as EIP-712 messages, and certificates of secp256k1 signatures.
import { expect } from "chai";
import { hashTypedData, recoverAddress } from "viem";
import { groupOrder } from "../../node/crypto/secp256k1.ts";
import { secp256k1Scheme } from "../../node/crypto/secp256k1Scheme.ts";
import { Epoch, type Signature, ValidatorIndex, View } from "../../node/types/brands.ts";
import { hexOf } from "../../node/types/hex.ts";
import { quorumOf } from "../../node/types/quorum.ts";
import type { Vote } from "../../node/types/vote.ts";
import { voteHasher, voteTypedDataDomain } from "../../node/types/votePreimage.ts";
import { voteTypes } from "../../node/types/voteTypes.ts";
import { certify, domain, sign, validators, votes } from "./samples.ts";

const scheme = secp256k1Scheme(domain, validators);
const primaryTypes = { notarize: "Notarize", nullify: "Nullify", finalize: "Finalize" } as const;

function hashByViem(vote: Vote) {
  const { kind, epoch, view, ...rest } = vote;
  const message = { epoch: BigInt(epoch), view: BigInt(view), ...rest };
  return hashTypedData({
    domain: voteTypedDataDomain(domain),
    types: voteTypes,
    primaryType: primaryTypes[kind],
    message: message as never,
  });
}

describe("consensus: votes as EIP-712 messages", () => {
  for (const vote of Object.values(votes)) {
    it(`the fast hash of a ${vote.kind} vote is that of viem`, () => {
      const hash = voteHasher(domain);
      expect(hexOf(hash(vote))).to.equal(hashByViem(vote));
      const large = { ...vote, view: View(Number.MAX_SAFE_INTEGER), epoch: Epoch(2 ** 33) };
      expect(hexOf(hash(large))).to.equal(hashByViem(large));
    });

    it(`viem recovers the signer of a ${vote.kind} vote`, async () => {
      const { signature } = sign(2, vote);
      expect((await recoverAddress({ hash: hashByViem(vote), signature })).toLowerCase()).to.equal(validators[2]);
    });
  }

  it("networkId: a vote of another network with the same chain id proves nothing here", () => {
    const other = { ...domain, networkId: `0x${"5b".repeat(32)}` as typeof domain.networkId };
    const vote = sign(1, votes.notarize);
    expect(scheme.verifyVote(vote)).to.equal(true);
    expect(scheme.verifyVote(sign(1, votes.notarize, other))).to.equal(false);
    expect(scheme.verifyVote(sign(1, votes.notarize, { ...domain, chainId: 1 }))).to.equal(false);
  });
});

describe("consensus: certificates of secp256k1 signatures", () => {
  it("verifies a vote by its signer only, and for exactly what it says", () => {
    const signed = sign(1, votes.notarize);
    expect(scheme.verifyVote(signed)).to.equal(true);
    expect(scheme.verifyVote({ ...signed, signer: ValidatorIndex(2) })).to.equal(false);
    expect(scheme.verifyVote({ ...signed, signer: ValidatorIndex(4) })).to.equal(false);
    expect(scheme.verifyVote({ ...signed, vote: votes.finalize })).to.equal(false);
    expect(scheme.verifyVote({ ...signed, vote: { ...votes.notarize, view: View(8) } })).to.equal(false);
  });

  it("refuses high s and any v but 27 and 28", () => {
    const { signature, ...rest } = sign(1, votes.notarize);
    const s = BigInt(`0x${signature.slice(66, 130)}`);
    const highS = (groupOrder - s).toString(16).padStart(64, "0");
    const flipped = signature.slice(130) === "1b" ? "1c" : "1b";
    const changed = [
      `${signature.slice(0, 66)}${highS}${flipped}`,
      `${signature.slice(0, 130)}${flipped}`,
      `${signature.slice(0, 130)}00`,
      `${signature.slice(0, 130)}01`,
      `0x${"00".repeat(64)}1b`,
      `0x${"ff".repeat(64)}1b`,
    ];
    for (const bad of changed) expect(scheme.verifyVote({ ...rest, signature: bad as Signature })).to.equal(false);
  });

  it("forms the certificate of the q lowest signers, whatever the order of the votes", () => {
    const all = [3, 1, 0, 2].map((signer) => sign(signer, votes.finalize));
    const certificate = scheme.form(votes.finalize, all);
    expect(certificate).to.deep.equal(certify(votes.finalize, [0, 1, 2]));
    expect(scheme.verifyCertificate(certificate)).to.equal(true);
    expect(scheme.votesOf(certificate)).to.deep.equal([0, 1, 2].map((signer) => sign(signer, votes.finalize)));
  });

  it("refuses duplicate signers, wrong order, too few, too many and a false signature", () => {
    const good = certify(votes.finalize, [0, 1, 3]);
    const pick = (...order: number[]) => ({
      ...good,
      signers: order.map((i) => good.signers[i] as ValidatorIndex),
      signatures: order.map((i) => good.signatures[i] as Signature),
    });
    expect(scheme.verifyCertificate(good)).to.equal(true);
    for (const bad of [pick(0, 0, 1), pick(1, 0, 2), pick(0, 1), certify(votes.finalize, [0, 1, 2, 3])]) {
      expect(scheme.verifyCertificate(bad)).to.equal(false);
    }
    expect(scheme.verifyCertificate({ ...good, vote: votes.notarize })).to.equal(false);
    expect(scheme.verifyCertificate({ ...good, signatures: good.signatures.toReversed() })).to.equal(false);
  });

  it("takes a signature that is known for verified, and no other", () => {
    const good = certify(votes.finalize, [0, 1, 3]);
    const forged = { ...good, signatures: good.signatures.with(1, `0x${"11".repeat(64)}1b` as Signature) };
    expect(scheme.verifyCertificate(forged, (signer) => forged.signatures[good.signers.indexOf(signer)])).to.equal(
      true,
    );
    expect(scheme.verifyCertificate(forged, (signer) => good.signatures[good.signers.indexOf(signer)])).to.equal(false);
  });

  it("a quorum is ⌊2n/3⌋ + 1", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10, 31].map(quorumOf)).to.deep.equal([1, 2, 3, 3, 4, 5, 5, 7, 21]);
  });
});
