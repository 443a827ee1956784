import { expect } from "chai";
import { type Hex, keccak256, stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { Digest, Epoch, View } from "../../node/types/brands.ts";
import type { Vote } from "../../node/types/vote.ts";
import { voteTypes } from "../../node/types/voteTypes.ts";
import type { SignLock } from "../../sdk/agent/signLock.ts";
import { signAttestation } from "../../sdk/attestations/signAttestation.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import { EvidenceError } from "../../sdk/errors/evidenceError.ts";
import { type EvidenceFile, encodeEvidenceFile } from "../../sdk/evidence/evidenceFile.ts";
import {
  exportAttestationEvidence,
  exportBidEvidence,
  exportDeliveryEvidence,
  exportVoteEvidence,
} from "../../sdk/evidence/exportEvidence.ts";
import { faultIdOf } from "../../sdk/evidence/faultIdOf.ts";
import { readEvidenceFile } from "../../sdk/evidence/readEvidenceFile.ts";
import { type EvidenceContext, verifyEvidence } from "../../sdk/evidence/verifyEvidence.ts";
import { signBidStatement } from "../../sdk/typedData/bid.ts";
import { signDeliveryStatement } from "../../sdk/typedData/delivery.ts";
import { consensusDomain, marketDomain } from "../../sdk/typedData/domain.ts";

const network = { chainId: 8469, networkId: keccak256(stringToHex("a network")) };
const offender = privateKeyToAccount(generatePrivateKey());
const offenderAddress = offender.address.toLowerCase() as Hex;
const stranger = privateKeyToAccount(generatePrivateKey());
const tenderId = keccak256(stringToHex("a tender"));
const word = (text: string) => keccak256(stringToHex(text));
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function bid(text: string, account = offender, at = network) {
  const domain = marketDomain({ ...at, verifyingContract: ruleAddresses.sealedBidTender });
  const statement = { tenderId, agentId: 7n, slot: 0n, commitment: word(text) };
  return { bid: statement, signature: await signBidStatement(account, domain, statement) };
}

async function delivery(text: string, account = offender) {
  const domain = marketDomain({ ...network, verifyingContract: ruleAddresses.jobEscrow });
  const statement = { jobId: 3n, agentId: 7n, deliverable: word(text) };
  return { delivery: statement, signature: await signDeliveryStatement(account, domain, statement) };
}

async function vote(kind: Vote["kind"], text = "a block", account = offender) {
  const place = { epoch: Epoch(2), view: View(41) };
  const value: Vote = kind === "nullify" ? { kind, ...place } : { kind, ...place, digest: Digest(word(text)) };
  const primaryType = ({ notarize: "Notarize", nullify: "Nullify", finalize: "Finalize" } as const)[kind];
  const message = { epoch: 2n, view: 41n, ...(kind === "nullify" ? {} : { digest: word(text) }) };
  const typedData = { domain: consensusDomain(network), types: voteTypes, primaryType, message };
  return { vote: value, signature: await account.signTypedData(typedData as never) };
}

const votes = async (first: ReturnType<typeof vote>, second: ReturnType<typeof vote>) =>
  exportVoteEvidence(network, offenderAddress, await first, await second);

async function refusal(source: unknown, context: EvidenceContext = network): Promise<string> {
  const error = await verifyEvidence(source, context).then(
    () => expect.fail("expected a refusal"),
    (reason: unknown) => reason,
  );
  expect(error, String(error)).to.be.instanceOf(EvidenceError);
  return (error as EvidenceError).code;
}

const testRun = word("run 1");

function attestation(level: number, report = word("all well"), account = offender) {
  const claim = { agentId: 7n, capability: "count-words", testRun, level, report };
  const place = { network, recipient: stranger.address, nonce: BigInt(level), deadline: 0n };
  return signAttestation(account, { ...claim, ...place, signLock: lockThatForgets });
}

/** A liar's. */
const lockThatForgets = { lockAttestation: async () => undefined } as unknown as SignLock;

const attestations = async (first: ReturnType<typeof attestation>, second: ReturnType<typeof attestation>) =>
  exportAttestationEvidence(network, await first, await second);

/** Each kind of evidence that two signatures make. */
const samples: readonly (readonly [string, () => Promise<EvidenceFile>])[] = [
  ["two bids", async () => exportBidEvidence(network, await bid("one"), await bid("two"))],
  ["two deliveries", async () => exportDeliveryEvidence(network, await delivery("one"), await delivery("two"))],
  ["ConflictingNotarize", () => votes(vote("notarize", "b"), vote("notarize", "c"))],
  ["ConflictingFinalize", () => votes(vote("finalize", "b"), vote("finalize", "c"))],
  ["NullifyFinalize", () => votes(vote("nullify"), vote("finalize"))],
  ["two levels", () => attestations(attestation(1), attestation(2))],
  ["two reports", () => attestations(attestation(1), attestation(1, word("all ill")))],
  ["FinalizeOther", () => votes(vote("notarize", "b"), vote("finalize", "c"))],
];

describe("an evidence file", () => {
  for (const [name, make] of samples) {
    it(`of ${name} gives the same bytes and the same fault in either order, and is proven by its signatures`, async () => {
      const file = await make();
      const [a, b] = file.statements;
      const text = encodeEvidenceFile(file);
      const shouted = JSON.parse(text, (key, value) =>
        typeof value === "string" && value.startsWith("0x") && key !== "kind"
          ? `0x${value.slice(2).toUpperCase()}`
          : value,
      );
      for (const same of [text, { ...file, statements: [b, a] }, shouted]) {
        expect(encodeEvidenceFile(readEvidenceFile(same))).to.equal(text);
      }
      const { signers, faultId, unproven } = await verifyEvidence(text, network);
      expect(signers).to.deep.equal([offenderAddress, offenderAddress]);
      expect(faultId).to.equal(faultIdOf(file));
      expect(unproven).not.to.deep.equal([]);
    });

    it(`of ${name} proves nothing on another network, nor with a forged, high-s or foreign signature`, async () => {
      const file = await make();
      expect(await refusal(file, { ...network, chainId: 1 })).to.equal("EVIDENCE_WRONG_NETWORK");
      expect(await refusal(file, { ...network, networkId: word("another") })).to.equal("EVIDENCE_WRONG_NETWORK");
      // A file that lies about its network: the signatures are of another one.
      const lying = await refusal(
        { ...file, chainId: 1 },
        { ...network, chainId: 1, bidKeys: { [offenderAddress]: 7n } },
      );
      expect(lying).to.equal("EVIDENCE_WRONG_SIGNER");
      const [a, b] = file.statements as readonly [{ signature: Hex }, { signature: Hex }];
      const s = order - BigInt(`0x${a.signature.slice(66, 130)}`);
      const v = a.signature.endsWith("1b") ? "1c" : "1b";
      const high = `${a.signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}`;
      for (const signature of [high, `0x${"00".repeat(65)}`, `${a.signature.slice(0, -2)}00`]) {
        const forged = { ...file, statements: [{ ...a, signature }, b] };
        expect(await refusal(forged)).to.equal("EVIDENCE_SIGNATURE_INVALID");
      }
    });

    it(`of ${name} is not what one statement makes`, async () => {
      const file = await make();
      for (const one of file.statements) {
        expect(await refusal({ ...file, statements: [one, one] })).to.equal("NO_CONTRADICTION");
      }
    });
  }

  it("of votes proves nothing of a notarize and a nullify, nor of a block notarized and finalized", async () => {
    expect(await refusal(await votes(vote("notarize"), vote("nullify")))).to.equal("NO_CONTRADICTION");
    expect(await refusal(await votes(vote("notarize"), vote("finalize")))).to.equal("NO_CONTRADICTION");
  });

  it("of votes leaves nothing open where the epoch's set is given, and nothing stands without it", async () => {
    const file = await votes(vote("nullify"), vote("finalize"));
    const validatorSet = { ...network, epoch: 2, epochBlocks: 0, validators: [offender.address] };
    expect((await verifyEvidence(file, { ...network, validatorSet })).unproven).to.deep.equal([]);
    for (const wrong of [{ epoch: 1 }, { validators: [stranger.address] }]) {
      const context = { ...network, validatorSet: { ...validatorSet, ...wrong } };
      expect(await refusal(file, context)).to.equal("EVIDENCE_NO_VALIDATOR");
    }
  });

  it("of votes concerns who signed both", async () => {
    const file = await votes(vote("nullify"), vote("finalize", "a block", stranger));
    expect(await refusal(file)).to.equal("EVIDENCE_WRONG_SIGNER");
  });

  it("of bids and deliveries concerns the agent whose keys signed, where those are known", async () => {
    const file = exportBidEvidence(network, await bid("one"), await bid("two"));
    expect((await verifyEvidence(file, { ...network, bidKeys: { [offenderAddress]: 7n } })).unproven).to.deep.equal([]);
    expect(await refusal(file, { ...network, bidKeys: { [offenderAddress]: 8n } })).to.equal("EVIDENCE_WRONG_SIGNER");
    const mixed = exportDeliveryEvidence(network, await delivery("one"), await delivery("two", stranger));
    expect(await refusal(mixed)).to.equal("EVIDENCE_WRONG_SIGNER");
  });

  it("of attestations concerns whoever said both, by one test run that is named", async () => {
    const file = await attestations(attestation(1), attestation(2));
    expect(await refusal({ ...file, attester: stranger.address })).to.equal("EVIDENCE_WRONG_SIGNER");
    expect(await refusal({ ...file, testRun: `0x${"00".repeat(32)}` })).to.equal("NO_CONTRADICTION");
    // What was signed of one test run says nothing of another, nor of another agent.
    expect(await refusal({ ...file, testRun: word("run 2") })).to.equal("EVIDENCE_WRONG_SIGNER");
    expect(await refusal({ ...file, agentId: "8" })).to.equal("EVIDENCE_WRONG_SIGNER");
    expect(await refusal(file, { ...network, eas: ruleAddresses.jobEscrow })).to.equal("EVIDENCE_WRONG_SIGNER");
    expect(await refusal({ ...file, contract: ruleAddresses.jobEscrow })).to.equal("EVIDENCE_CONTRACT_UNKNOWN");
    // Another end, another recipient: the same word.
    const [a] = file.statements;
    const extended = { ...file, statements: [a, { ...a, expirationTime: "9" }] };
    expect(await refusal(extended)).to.equal("NO_CONTRADICTION");
    for (const wrong of [
      { level: 256 },
      { level: "1" },
      { revocable: 1 },
      { nonce: 1 },
      { uid: "0x", signature: undefined },
    ]) {
      expect(await refusal({ ...file, statements: [{ ...a, ...wrong }, file.statements[1]] })).to.equal(
        "EVIDENCE_MALFORMED",
      );
    }
  });

  it("of attestations on chain alone says what the ledger has to confirm", async () => {
    const file = await attestations(attestation(1), attestation(2));
    const onChain = [1, 2].map((level) => ({ level, report: word("all well"), uid: word(`uid ${level}`) }));
    const { signers, unproven } = await verifyEvidence({ ...file, statements: onChain }, network);
    expect(signers).to.deep.equal([]);
    expect(unproven.filter((sentence) => sentence.includes("on chain"))).to.have.length(2);
    expect(faultIdOf({ ...file, statements: onChain } as never)).to.equal(faultIdOf(file));
  });

  it("names what only the ledger can tell of a statement on chain", async () => {
    const onChain = { committedBy: offender.address, commitment: word("two") };
    const file = exportBidEvidence(network, await bid("one"), onChain);
    const { signers, unproven } = await verifyEvidence(file, network);
    expect(signers).to.have.length(1);
    expect(unproven.some((sentence) => sentence.includes("committed"))).to.equal(true);
    // A tender keeps 248 bits: what differs in the rest is the same commitment.
    const twin = `${word("one").slice(0, 64)}${word("one").endsWith("00") ? "01" : "00"}` as Hex;
    const same = exportBidEvidence(network, await bid("one"), { ...onChain, commitment: twin });
    expect(await refusal(same)).to.equal("NO_CONTRADICTION");
  });

  it("speaks of contracts whose statements count, and no others", async () => {
    const file = exportBidEvidence(network, await bid("one"), await bid("two"));
    const elsewhere = { ...network, contracts: [ruleAddresses.jobEscrow] };
    expect(await refusal(file, elsewhere)).to.equal("EVIDENCE_CONTRACT_UNKNOWN");
    const contract = ruleAddresses.jobEscrow;
    expect(await refusal({ ...file, contract }, network)).to.equal("EVIDENCE_CONTRACT_UNKNOWN");
  });

  it("is refused by the name of the field where it is malformed", async () => {
    const file = await votes(vote("nullify"), vote("finalize"));
    const [a, b] = file.statements;
    const wrong: readonly (readonly [object | string, string])[] = [
      ["{", "the file's JSON"],
      ["[]", "the file"],
      [{ ...file, kind: "rudeness" }, "kind"],
      [{ ...file, chainId: "8469" }, "chainId"],
      [{ ...file, networkId: "0x00" }, "networkId"],
      [{ ...file, validator: "somebody" }, "validator"],
      [{ ...file, epoch: -1 }, "epoch"],
      [{ ...file, view: 1.5 }, "view"],
      [{ ...file, statements: [a] }, "statements"],
      [{ ...file, statements: [a, b, b] }, "statements"],
      [{ ...file, statements: [a, { ...b, vote: "abstain" }] }, "vote"],
      [{ ...file, statements: [a, { ...b, digest: "0x" }] }, "digest"],
      [{ ...file, statements: [a, { ...b, signature: "0xzz" }] }, "signature"],
    ];
    for (const [source, field] of wrong) {
      const error = await verifyEvidence(source, network).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(EvidenceError);
      expect((error as EvidenceError).code).to.equal("EVIDENCE_MALFORMED");
      expect((error as EvidenceError).facts.field).to.equal(field);
    }
    expect(await refusal({ ...file, version: 2 })).to.equal("EVIDENCE_VERSION_UNKNOWN");
    const bids = exportBidEvidence(network, await bid("one"), await bid("two"));
    for (const agentId of [7, "-7", "07", "", `1${"0".repeat(78)}`]) {
      expect(await refusal({ ...bids, agentId })).to.equal("EVIDENCE_MALFORMED");
    }
    const chain = { commitment: word("one"), committedBy: offender.address };
    expect(await refusal({ ...bids, statements: [chain, { ...chain, commitment: word("two") }] })).to.equal(
      "EVIDENCE_MALFORMED",
    );
  });
});
