import { expect } from "chai";
import type { Hex } from "viem";
import { Epoch, Height } from "../../node/types/brands.ts";
import type { EpochCertificate } from "../../node/types/epochCertificate.ts";
import {
  CertificateError,
  type CertificateErrorCode,
  type ValidatorSet,
  verifyAssignmentCertificate,
  verifyEpochCertificate,
} from "../../sdk/index.ts";
import { makeCertificate, signersOf, validatorSetOf } from "./fixtures/certificateMaker.ts";
import { makeEpochCertificate } from "./fixtures/epochCertificateMaker.ts";

const third = validatorSetOf();
/** Five of the makers' keys, of which four were the set before. */
const members = signersOf(5).map(({ address }) => address.toLowerCase() as Hex);

async function fails(code: CertificateErrorCode, verifying: Promise<unknown>): Promise<void> {
  const error = await verifying.then(
    () => expect.fail(`verified, expected ${code}`),
    (reason: unknown) => reason,
  );
  expect(error, String(error)).to.be.instanceOf(CertificateError);
  expect((error as CertificateError).code, String(error)).to.equal(code);
}

const json = (certificate: EpochCertificate) => JSON.parse(JSON.stringify(certificate));

describe("epoch certificate", () => {
  it("proves the next epoch's set to whoever knows this one's", async () => {
    const next = await verifyEpochCertificate(json(await makeEpochCertificate({ members })), third);
    expect(next).to.deep.equal({ ...third, epoch: 4, validators: members });
  });

  it("proves that the set stays as it was", async () => {
    const next = await verifyEpochCertificate(await makeEpochCertificate({ members: [] }), third);
    expect(next).to.deep.equal({ ...third, epoch: 4 });
  });

  it("holds when the last block became final through its tail", async () => {
    const next = await verifyEpochCertificate(await makeEpochCertificate({ members, tail: 2 }), third);
    expect(next.validators).to.deep.equal(members);
  });

  it("is refused when it is none", async () => {
    for (const nothing of [undefined, null, 7, "certificate", [], {}]) {
      await fails("CERTIFICATE_MALFORMED", verifyEpochCertificate(nothing as never, third));
    }
  });

  it("counts for the epoch after the one that is known only", async () => {
    const sound = await makeEpochCertificate({ members });
    await fails("CERTIFICATE_WRONG_EPOCH", verifyEpochCertificate(sound, { ...third, epoch: 2 }));
    await fails("CERTIFICATE_WRONG_EPOCH", verifyEpochCertificate(sound, { ...third, epoch: 4 }));
  });

  it("needs a quorum of the epoch before", async () => {
    const strangers: ValidatorSet = {
      ...third,
      validators: signersOf(7)
        .slice(3)
        .map(({ address }) => address),
    };
    await fails(
      "FINALIZATION_SIGNATURE_INVALID",
      verifyEpochCertificate(await makeEpochCertificate({ members }), strangers),
    );
  });

  it("starts from the epoch's last block, whose state has the next set", async () => {
    for (const height of [47, 49]) {
      const other = await makeEpochCertificate({ members, height });
      await fails("CERTIFICATE_WRONG_EPOCH", verifyEpochCertificate(other, third));
    }
  });

  it("is a chain of headers of one network and epoch, each the parent of the next", async () => {
    const sound = await makeEpochCertificate({ members, tail: 2 });
    const without = { ...sound, headers: sound.headers.filter((_, i) => i !== 1) };
    await fails("CONSENSUS_HEADER_MISMATCH", verifyEpochCertificate(without, third));
    const unsigned = { ...sound, headers: sound.headers.slice(0, 1) };
    await fails("CONSENSUS_HEADER_MISMATCH", verifyEpochCertificate(unsigned, third));
    const ofAnother = await makeEpochCertificate({ members, header: { epoch: Epoch(2) } });
    await fails("CONSENSUS_HEADER_MISMATCH", verifyEpochCertificate(ofAnother, third));
    const elsewhere = await makeEpochCertificate({ members, header: { chainId: 1 } });
    await fails("CONSENSUS_HEADER_MISMATCH", verifyEpochCertificate(elsewhere, third));
    const jump = await makeEpochCertificate({ members, tail: 1, header: { height: Height(48) } });
    await fails("CONSENSUS_HEADER_MISMATCH", verifyEpochCertificate(jump, third));
  });

  it("commits to the state by the execution header of the block before", async () => {
    const sound = await makeEpochCertificate({ members });
    const other = await makeEpochCertificate({ members: members.slice(1) });
    const mixed = { ...sound, executionHeader: other.executionHeader };
    await fails("EXECUTION_HEADER_MISMATCH", verifyEpochCertificate(mixed, third));
  });

  it("proves the whole set, in its place, and nothing else", async () => {
    const sound = await makeEpochCertificate({ members });
    const [length, ...rest] = sound.storage;
    const shorter = { ...sound, storage: sound.storage.slice(0, -1) };
    await fails("EPOCH_SLOT_MISMATCH", verifyEpochCertificate(shorter, third));
    const reordered = { ...sound, storage: [length, ...rest.reverse()] } as EpochCertificate;
    await fails("EPOCH_SLOT_MISMATCH", verifyEpochCertificate(reordered, third));
    const shortened = { ...length, word: `0x${"00".repeat(31)}04` } as (typeof sound.storage)[number];
    const forged = { ...sound, storage: [shortened, ...rest.reverse().slice(0, 4)] };
    await fails("STORAGE_PROOF_INVALID", verifyEpochCertificate(forged, third));
    const elsewhere = { ...third, validatorRegistry: `0x${"01".repeat(20)}` } as const;
    await fails("CERTIFICATE_WRONG_CONTRACT", verifyEpochCertificate(sound, elsewhere));
  });

  it("lets an assignment of a later epoch be verified with an earlier set", async () => {
    const header = { epoch: Epoch(4), height: Height(50) };
    const assignment = await makeCertificate({ height: 49, header });
    const epochs = [await makeEpochCertificate({ members: [] })];
    const { epoch, height } = await verifyAssignmentCertificate({ ...assignment, epochs }, third);
    expect([epoch, height]).to.deep.equal([4, 49]);
    await fails("CERTIFICATE_WRONG_EPOCH", verifyAssignmentCertificate(assignment, third));
    // Who knows the later set already needs no link.
    await verifyAssignmentCertificate({ ...assignment, epochs }, { ...third, epoch: 4 });
  });

  it("lets nobody take a discarded block for a final one", async () => {
    const tail = await makeCertificate({ height: 48, header: { height: Height(49) } });
    await fails("CERTIFICATE_DISCARDED_BLOCK", verifyAssignmentCertificate(tail, third));
    const ofEarlier = await makeCertificate({ height: 35, header: { height: Height(36) } });
    await fails("CERTIFICATE_DISCARDED_BLOCK", verifyAssignmentCertificate(ofEarlier, third));
  });
});
