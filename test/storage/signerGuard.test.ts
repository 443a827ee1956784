import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  createSignerGuard,
  readSignerGuard,
  SignerGuard,
  type SigningOutcome,
} from "../../node/storage/signerGuard.ts";
import { reconcile, type SignerRecord, type SignerStep, unusedRecord } from "../../node/storage/signerRecord.ts";
import { Address, Digest, Epoch, Signature, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Vote } from "../../node/types/vote.ts";
import { failsWith } from "./errorCode.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const identity = { networkId: Digest(`0x${"11".repeat(32)}`), validator: Address(`0x${"22".repeat(20)}`) };
const b = Digest(`0x${"bb".repeat(32)}`);
const c = Digest(`0x${"cc".repeat(32)}`);

const at = (view: number, epoch = 0) => ({ epoch: Epoch(epoch), view: View(view) });
const notarize = (view: number, digest: Digest, epoch = 0): Vote => ({ kind: "notarize", ...at(view, epoch), digest });
const nullify = (view: number, epoch = 0): Vote => ({ kind: "nullify", ...at(view, epoch) });
const finalize = (view: number, digest: Digest, epoch = 0): Vote => ({ kind: "finalize", ...at(view, epoch), digest });

/** A stand-in for the key: the guard's rules do not depend on the curve. */
const sign = (vote: Vote) => ({ vote, signer: ValidatorIndex(0), signature: Signature(`0x${"33".repeat(65)}`) });

async function open(path: string, record?: SignerRecord): Promise<SignerGuard> {
  return SignerGuard.open({ path, identity, sign, record: record ?? readSignerGuard(path, identity) });
}

/** A fresh guard that has signed `votes`, one after the other. */
async function guardAfter(...votes: readonly Vote[]): Promise<{ guard: SignerGuard; path: string }> {
  const path = join(temporaryFolder(), "signer-guard.json");
  await createSignerGuard(path, identity);
  const guard = await open(path);
  for (const vote of votes) expect((await guard.sign(vote)).signed, JSON.stringify(vote)).to.equal(true);
  return { guard, path };
}

const isSigned = ({ signed }: SigningOutcome): boolean => signed;

describe("the signer's guard", () => {
  it("signs forward: Notarize, then Finalize of the same block, then the next view", async () => {
    const { guard } = await guardAfter(notarize(1, b), finalize(1, b), notarize(2, c), nullify(2), finalize(7, b));
    expect(guard.record?.view).to.equal(7);
  });

  const refused: readonly [string, readonly Vote[], Vote][] = [
    ["any vote in a lower view", [notarize(5, b)], nullify(4)],
    ["a Notarize in a lower view, even one it signed there before", [notarize(4, b), nullify(5)], notarize(4, b)],
    ["any vote in a lower epoch", [notarize(2, b, 1)], nullify(9, 0)],
    ["two Notarize of one view", [notarize(5, b)], notarize(5, c)],
    ["two Finalize of one view", [finalize(5, b)], finalize(5, c)],
    ["Finalize of another block than it notarized", [notarize(5, b)], finalize(5, c)],
    ["Finalize after Nullify", [notarize(5, b), nullify(5)], finalize(5, b)],
    ["Nullify after Finalize", [notarize(5, b), finalize(5, b)], nullify(5)],
    ["Notarize after Nullify", [nullify(5)], notarize(5, b)],
    ["Notarize after Finalize", [finalize(5, b)], notarize(5, b)],
    ["the view of genesis", [], nullify(0)],
  ];
  for (const [what, before, vote] of refused) {
    it(`refuses ${what}, also after a restart`, async () => {
      const { guard, path } = await guardAfter(...before);
      expect(isSigned(await guard.sign(vote))).to.equal(false);
      guard.close();
      const reopened = await open(path);
      expect(isSigned(await reopened.sign(vote))).to.equal(false);
    });
  }

  it("repeats a vote it has signed, byte for byte, without writing", async () => {
    const { guard, path } = await guardAfter(notarize(5, b), nullify(5));
    const before = readFileSync(path);
    for (const vote of [notarize(5, b), nullify(5)]) expect(isSigned(await guard.sign(vote))).to.equal(true);
    expect(readFileSync(path).equals(before)).to.equal(true);
  });

  it("has the record on disk before the signature exists", async () => {
    const path = join(temporaryFolder(), "signer-guard.json");
    await createSignerGuard(path, identity);
    let stored: SignerRecord | undefined;
    const spy = (vote: Vote) => {
      stored = readSignerGuard(path, identity);
      return sign(vote);
    };
    const guard = await SignerGuard.open({ path, identity, sign: spy, record: unusedRecord });
    await guard.sign(notarize(3, b));
    expect(stored).to.include({ view: 3, notarize: b });
  });

  it("falls back to the entry before when a crash damaged the newest", async () => {
    const { guard, path } = await guardAfter(notarize(5, b), notarize(6, c));
    guard.close();
    const bytes = readFileSync(path);
    const newest = bytes.indexOf('\\"view\\":6');
    expect(newest).to.be.greaterThan(0);
    bytes[newest + 10] = 0x39;
    writeFileSync(path, bytes);
    expect(readSignerGuard(path, identity)?.view).to.equal(5);
  });

  it("is one JSON document that a person can read", async () => {
    const { path } = await guardAfter(notarize(5, b), nullify(6));
    const entries = (JSON.parse(readFileSync(path, "utf8")) as { entry: string }[]).map(({ entry }) =>
      JSON.parse(entry),
    );
    expect(entries.map(({ view }) => view)).to.have.members([5, 6]);
  });

  it("refuses the guard of another validator or network", async () => {
    const { path } = await guardAfter();
    const other = { ...identity, networkId: Digest(`0x${"99".repeat(32)}`) };
    await failsWith("GUARD_FOREIGN", () => readSignerGuard(path, other));
  });

  it("is never replaced by a new one", async () => {
    const { path } = await guardAfter(notarize(5, b));
    await failsWith("GUARD_EXISTS", () => createSignerGuard(path, identity));
  });

  it("signs nothing when it was lost, until told from which view on", async () => {
    const { guard, path } = await guardAfter(notarize(5, b));
    guard.close();
    rmSync(path);
    const lost = await open(path);
    expect(isSigned(await lost.sign(nullify(100)))).to.equal(false);
    await lost.resume(Epoch(0), View(102));
    expect(isSigned(await lost.sign(nullify(101)))).to.equal(false);
    expect(isSigned(await lost.sign(notarize(102, b)))).to.equal(true);
    lost.close();
    expect((await open(path)).record).to.include({ view: 102, notarize: b });
  });
});

describe("guard and log", () => {
  const step = (vote: Vote): SignerStep => ({ kind: "vote", vote });
  const record = (view: number, digest: Digest): SignerRecord => ({
    ...at(view),
    notarize: digest,
    nullify: false,
    finalize: undefined,
  });

  it("agree when both are new", () => {
    expect(reconcile(unusedRecord, [], 0)).to.deep.equal({ verdict: "agree", record: unusedRecord });
  });

  it("agree when the guard lags by the last write of the log, and the log's word counts", () => {
    const steps = [step(notarize(4, b)), step(notarize(5, c))];
    expect(reconcile(record(4, b), steps, 1)).to.deep.equal({ verdict: "agree", record: record(5, c) });
    expect(reconcile(record(4, b), steps, 0).verdict).to.equal("disagree");
  });

  it("disagree when the log was lost, cut or restored from a backup", () => {
    expect(reconcile(record(5, b), [], 0).verdict).to.equal("disagree");
    expect(reconcile(record(5, b), [step(notarize(4, b))], 1).verdict).to.equal("disagree");
    expect(reconcile(record(5, b), [step(notarize(5, c))], 1).verdict).to.equal("disagree");
  });

  it("disagree when the guard was lost or restored from a backup", () => {
    expect(reconcile(undefined, [], 0).verdict).to.equal("disagree");
    const steps = [step(notarize(4, b)), step(notarize(5, b)), step(notarize(6, b))];
    expect(reconcile(record(4, b), steps, 1).verdict).to.equal("disagree");
  });

  it("agree after a floor, also when the log holds a vote that the guard refused", () => {
    const steps: SignerStep[] = [step(notarize(4, b)), { kind: "floor", ...at(20) }, step(nullify(10))];
    expect(reconcile({ ...unusedRecord, view: View(20) }, steps, 0).verdict).to.equal("agree");
  });
});
