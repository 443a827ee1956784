import { expect } from "chai";
import { type Hex, keccak256, numberToHex, toRlp } from "viem";
import type { AssignmentCertificate } from "../../node/types/assignmentCertificate.ts";
import type { ConsensusHeader } from "../../node/types/block.ts";
import { digestOfHeader } from "../../node/types/blockCodec.ts";
import { Digest, Epoch, Height, View } from "../../node/types/brands.ts";
import {
  CertificateError,
  type CertificateErrorCode,
  digestOfConsensusHeader,
  verifyAssignmentCertificate,
} from "../../sdk/index.ts";
import {
  assignedWords,
  deliveryDeadline,
  executionHeaderOf,
  type MakerOptions,
  makeCertificate,
  signVote,
  taskId,
  unit,
  validatorSetOf,
  wordsOf,
} from "./fixtures/certificateMaker.ts";

type Mutable<T> = T extends string | number ? T : { -readonly [Key in keyof T]: Mutable<T[Key]> };
type Draft = Mutable<AssignmentCertificate>;

const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function fails(
  code: CertificateErrorCode,
  certificate: unknown,
  set = validatorSetOf(),
): Promise<CertificateError> {
  const error = await verifyAssignmentCertificate(certificate as AssignmentCertificate, set).then(
    () => expect.fail(`verified, expected ${code}`),
    (reason: unknown) => reason,
  );
  expect(error, String(error)).to.be.instanceOf(CertificateError);
  expect((error as CertificateError).code, String(error)).to.equal(code);
  return error as CertificateError;
}

const sound = makeCertificate();

/** A sound certificate with one thing changed in its JSON. */
async function changed(change: (certificate: Draft) => void): Promise<AssignmentCertificate> {
  const certificate = JSON.parse(JSON.stringify(await sound));
  change(certificate);
  return certificate;
}

/** Puts a value in the place that a path names. */
function put(certificate: Draft, path: readonly string[], value: (present: unknown) => unknown): void {
  let inner = certificate as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
  const last = path.at(-1) as string;
  inner[last] = value(inner[last]);
}

/** Paths of all strings and numbers in a JSON value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

describe("assignment certificate", () => {
  for (const validators of [1, 4, 7]) {
    it(`verifies offline with ${validators} validators and says who has the unit`, async () => {
      const certificate = JSON.parse(JSON.stringify(await makeCertificate({ validators })));
      const proven = await verifyAssignmentCertificate(certificate, validatorSetOf(validators));
      expect(proven).to.deep.equal({
        taskId,
        unit,
        provider: `0x${"aa".repeat(20)}`,
        price: 2_500_000n,
        status: "assigned",
        verdict: "none",
        round: 2,
        agentId: 7n,
        jobId: 9n,
        deliveryDeadline,
        height: 41,
        blockHash: keccak256(certificate.executionHeader),
        timestamp: 1_790_000_000,
        epoch: 3,
      });
    });
  }

  it("is refused when it is none", async () => {
    for (const nothing of [undefined, null, 7, "certificate", [], {}]) {
      const code =
        nothing instanceof Object && !Array.isArray(nothing) ? "CERTIFICATE_VERSION_UNKNOWN" : "CERTIFICATE_MALFORMED";
      await fails(code, nothing);
    }
    await fails("CERTIFICATE_VERSION_UNKNOWN", await changed((one) => Object.assign(one, { version: 1 })));
  });

  it("is refused with any field missing or of another kind", async () => {
    for (const path of leaves(await sound).filter(([first]) => first !== "version")) {
      for (const wrong of [undefined, null, {}, -1, 1.5, "0x", "0xzz", `0x${"00".repeat(5_000)}`]) {
        const certificate = await changed((one) => put(one, path, () => wrong));
        const error = await verifyAssignmentCertificate(certificate, validatorSetOf()).then(
          () => expect.fail(`verified with ${path.join(".")} = ${String(wrong).slice(0, 20)}`),
          (reason: unknown) => reason,
        );
        expect(error, `${path.join(".")} = ${String(wrong).slice(0, 20)}`).to.be.instanceOf(CertificateError);
      }
    }
  }).timeout(60_000);

  it("is refused with any field's last digit changed", async () => {
    for (const path of leaves(await sound)) {
      const certificate = await changed((one) =>
        put(one, path, (value) => {
          if (typeof value === "number") return value + 1;
          const text = String(value);
          const next = text.endsWith("f") ? "0" : (Number.parseInt(text.slice(-1), 16) + 1).toString(16);
          return path.at(-1) === "kind" ? "notarize" : `${text.slice(0, -1)}${next}`;
        }),
      );
      const outcome = await verifyAssignmentCertificate(certificate, validatorSetOf()).then(
        () => "verified",
        (error: unknown) => error,
      );
      expect(outcome, path.join(".")).to.be.instanceOf(CertificateError);
    }
  }).timeout(60_000);

  it("counts only for its network, its epoch and its network's TaskMarket", async () => {
    const set = validatorSetOf();
    await fails("CERTIFICATE_WRONG_NETWORK", await sound, { ...set, chainId: 1 });
    await fails("CERTIFICATE_WRONG_NETWORK", await sound, { ...set, networkId: keccak256("0x99") });
    await fails("CERTIFICATE_WRONG_NETWORK", await makeCertificate({ header: { chainId: 1 } }));
    await fails("CERTIFICATE_WRONG_EPOCH", await sound, { ...set, epoch: 4 });
    await fails("CERTIFICATE_WRONG_CONTRACT", await sound, { ...set, taskMarket: `0x${"01".repeat(20)}` });
    const fake = await changed((one) => Object.assign(one, { contract: `0x${"00".repeat(19)}07` }));
    await fails("CERTIFICATE_WRONG_CONTRACT", fake);
  });

  it("needs exactly a quorum of distinct validators in ascending order", async () => {
    const { finalization } = await sound;
    const [, two, three] = finalization.signatures as readonly Hex[];
    const first = await signVote(0, finalization.vote);
    const signedBy = (signers: readonly number[], signatures: readonly (Hex | undefined)[]) =>
      changed((one) => Object.assign(one.finalization, { signers, signatures }));
    const [one] = finalization.signatures;
    await fails("FINALIZATION_NO_QUORUM", await signedBy([2, 3], [two, three]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([0, 1, 2, 3], [first, one, two, three]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([2, 2, 3], [two, two, three]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([1, 3, 2], [one, three, two]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([1, 2, 4], [one, two, three]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([1, 2, 3], [one, two]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([1], [one, two, three]));
    await fails("FINALIZATION_NO_QUORUM", await signedBy([], []));
    // Three of seven are no quorum, though three of four are.
    await fails("FINALIZATION_NO_QUORUM", await makeCertificate(), validatorSetOf(7));
    const others = await signedBy([0, 1, 2], [first, one, two]);
    await verifyAssignmentCertificate(others, validatorSetOf());
  });

  it("needs each signature to be that validator's, over this vote, in its one canonical form", async () => {
    const { finalization } = await sound;
    const [one, two, three] = finalization.signatures as unknown as readonly [Hex, Hex, Hex];
    const withFirst = (signature: Hex) =>
      changed((certificate) => Object.assign(certificate.finalization, { signatures: [signature, two, three] }));
    const invalid = async (signature: Hex) => fails("FINALIZATION_SIGNATURE_INVALID", await withFirst(signature));
    await invalid(await signVote(0, finalization.vote));
    await invalid(two);
    await invalid(await signVote(1, { ...finalization.vote, kind: "notarize" }));
    await invalid(await signVote(1, { ...finalization.vote, view: View(78) }));
    await invalid(await signVote(1, { ...finalization.vote, epoch: Epoch(4) }));
    const s = secp256k1Order - BigInt(`0x${one.slice(66, 130)}`);
    const flipped = one.slice(130) === "1b" ? "1c" : "1b";
    await invalid(`${one.slice(0, 66)}${s.toString(16).padStart(64, "0")}${flipped}` as Hex);
    await invalid(`${one.slice(0, 130)}0${Number(one.slice(130) === "1c")}` as Hex);
    await invalid(one.slice(0, 130) as Hex);
    await invalid(`0x${"00".repeat(64)}1b`);
    await invalid(`0x${"ff".repeat(32)}${one.slice(66)}`);
  });

  it("needs the signed consensus header, at the vote's epoch and view", async () => {
    const digest = Digest(keccak256("0x77"));
    await fails("CONSENSUS_HEADER_MISMATCH", await makeCertificate({ vote: { digest } }));
    await fails("CONSENSUS_HEADER_MISMATCH", await makeCertificate({ vote: { view: View(78) } }));
    const header = { epoch: Epoch(4) };
    await fails("CONSENSUS_HEADER_MISMATCH", await makeCertificate({ header, vote: { epoch: Epoch(3) } }));
    const fields: readonly (keyof ConsensusHeader)[] = ["view", "height", "parentView", "timestampMs"];
    for (const field of fields) {
      const certificate = await changed((one) => put(one, ["header", field], (value) => Number(value) + 1));
      await fails("CONSENSUS_HEADER_MISMATCH", certificate);
    }
  });

  it("needs the execution header that is committed to, of the block before", async () => {
    const stateRoot = keccak256("0x01");
    const other = await changed((one) => Object.assign(one, { executionHeader: executionHeaderOf(stateRoot, 41) }));
    await fails("EXECUTION_HEADER_MISMATCH", other);
    await fails("EXECUTION_HEADER_MALFORMED", await makeCertificate({ height: 42 }));
    await fails("EXECUTION_HEADER_MALFORMED", await makeCertificate({ height: 40 }));
    await fails("EXECUTION_HEADER_MALFORMED", await makeCertificate({ header: { height: Height(43) } }));
    for (const executionHeader of ["0x", "0x80", toRlp(["0x01", "0x02"]), "0xf9ffff00"] as const) {
      await fails("EXECUTION_HEADER_MALFORMED", await makeCertificate({ executionHeader }));
    }
  });

  it("needs TaskMarket's account in the state", async () => {
    const invalid = async (options: MakerOptions) => fails("ACCOUNT_PROOF_INVALID", await makeCertificate(options));
    await invalid({ account: "absent" });
    await invalid({ account: toRlp(["0x01", "0x"]) });
    await invalid({ account: toRlp("0x0102") });
    const cut = await changed((one) => Object.assign(one, { accountProof: one.accountProof.slice(1) }));
    await fails("ACCOUNT_PROOF_INVALID", cut);
    const empty = await changed((one) => Object.assign(one, { accountProof: [] }));
    await fails("ACCOUNT_PROOF_INVALID", empty);
  });

  it("needs the words of this very unit", async () => {
    await fails("ASSIGNMENT_SLOT_MISMATCH", await changed((one) => Object.assign(one, { unit: 2 })));
    await fails("ASSIGNMENT_SLOT_MISMATCH", await changed((one) => Object.assign(one, { taskId: "0xd" })));
    const swapped = await changed((one) => void one.storage.reverse());
    await fails("ASSIGNMENT_SLOT_MISMATCH", swapped);
    const word = numberToHex(assignedWords[0] + 1n, { size: 32 });
    const dearer = await changed((one) => put(one, ["storage", "0", "word"], () => word));
    await fails("STORAGE_PROOF_INVALID", dearer);
    const foreign = await changed((one) => put(one, ["storage", "0", "proof"], () => one.storage[1]?.proof));
    await fails("STORAGE_PROOF_INVALID", foreign);
  });

  it("proves nobody's unit to be nobody's", async () => {
    await fails("ASSIGNMENT_ABSENT", await makeCertificate({ words: [0n, 0n] }));
    const offered = await fails("ASSIGNMENT_ABSENT", await makeCertificate({ words: wordsOf({ status: 2n }) }));
    expect(offered.facts.status).to.equal("offered");
    const paid = await verifyAssignmentCertificate(
      await makeCertificate({ words: wordsOf({ status: 3n }) }),
      validatorSetOf(),
    );
    expect(paid.status).to.equal("paid");
  });

  it("names blocks as the validators do", async () => {
    const { header } = await sound;
    const large = { timestampMs: 2 ** 48 + 255, view: View(2 ** 40), height: Height(0), parentView: View(127) };
    for (const one of [header, { ...header, ...large }, { ...header, chainId: 128, epoch: Epoch(0) }]) {
      expect(digestOfConsensusHeader(one)).to.equal(digestOfHeader(one));
    }
  });
});
