// Reporters over the real rules on the real engine: from evidence to a conviction, and what does not get there.
import { expect } from "chai";
import { encodeFunctionData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { contradictions } from "../../node/consensus/evidence.ts";
import { freshRecord } from "../../node/consensus/state.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import { type Address, Digest, Epoch, View } from "../../node/types/brands.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import type { SignedVote } from "../../node/types/vote.ts";
import { operatorsAbi } from "../../sdk/abis/operators.ts";
import { permissionsAbi } from "../../sdk/abis/permissions.ts";
import { voteEquivocationAbi } from "../../sdk/abis/voteEquivocation.ts";
import { voteEvidenceOf } from "../../sdk/actions/slashing/voteEvidence.ts";
import { deafIn, ReportingLedger, reportingGenesis, retiredIn, type TestReporter } from "./reportingLedger.ts";

const offender = 3;
const stake = 10_000n * 1_000_000n;
const share = stake / 10n;

/** The operators add an account to an organisation. */
async function enrol(ledger: ReportingLedger, account: Address): Promise<void> {
  const [operator] = developmentAccounts(1).map(({ privateKey }) => privateKeyToAccount(privateKey));
  const { Operators: operators, Permissions: permissions } = ledger.genesis.contracts as Record<string, Address>;
  const added = { abi: permissionsAbi, functionName: "addMembers", args: [2, [account]] } as const;
  const proposal = { target: permissions as Address, data: encodeFunctionData(added) };
  const calls = [
    { abi: operatorsAbi, functionName: "propose", args: [proposal.target, proposal.data] },
    { abi: operatorsAbi, functionName: "execute", args: [0n] },
  ] as const;
  for (const call of calls) await ledger.send(operator as never, operators as Address, encodeFunctionData(call));
}

describe("reporting evidence to the rules", function () {
  this.timeout(60_000);
  let genesis: Genesis;
  let ledger: ReportingLedger;

  before(async () => {
    genesis = await reportingGenesis();
  });
  beforeEach(async () => {
    ledger = await ReportingLedger.open(genesis);
    await ledger.block();
  });
  afterEach(() => ledger.close());

  /** Honest validators that all hold the same evidence. */
  function honest(evidence: readonly Evidence[] = [ledger.contradiction(offender)]): TestReporter[] {
    const reporters = [0, 1, 2].map((index) => ledger.reporterOf(index));
    for (const { evidenceReporter } of reporters) for (const piece of evidence) evidenceReporter.add(piece);
    return reporters;
  }

  async function expectConviction(): Promise<void> {
    expect(await ledger.standing(offender)).to.deep.equal([0n, true]);
    expect([ledger.events("FaultPunished"), ledger.events("FaultRewarded")]).to.deep.equal([1, 1]);
  }

  it("ends with the stake taken, the key barred and the reporter credited, by two transactions of one validator", async () => {
    const reporters = honest();
    await ledger.settle();
    await expectConviction();
    const nonces = reporters.map(({ reporter }) => ledger.nonceOf(reporter));
    // Validator 0 is the first in line behind validator 3.
    expect(nonces).to.deep.equal([2, 0, 0]);
    expect(await ledger.rewardOf((reporters[0] as TestReporter).reporter)).to.equal(share);
    expect(reporters.map(({ closed }) => closed)).to.deep.equal([["punished"], ["punished"], ["punished"]]);
  });

  it("waits while the node catches up: what it knows may have been dealt with long ago", async () => {
    ledger.isCurrent = false;
    const [first] = honest() as [TestReporter];
    await ledger.settle(10);
    expect([ledger.nonceOf(first.reporter), ledger.waiting]).to.deep.equal([0, 0]);
    ledger.isCurrent = true;
    await ledger.settle(3);
    await expectConviction();
  });

  it("gives up on evidence that cannot be shown, after eight tries, and keeps it", async () => {
    const deaf = await ReportingLedger.open(deafIn(genesis));
    await deaf.block();
    const { reporter, evidenceReporter, closed, said } = deaf.reporterOf(0);
    evidenceReporter.add(deaf.contradiction(offender));
    await deaf.settle(1_100);
    // A commitment, and the evidence shown in vain.
    expect([deaf.nonceOf(reporter), closed]).to.deep.equal([9, ["abandoned"]]);
    expect(said.at(-1)).to.equal("evidence could not be shown; it is kept: export and submit it");
    expect(await deaf.standing(offender)).to.deep.equal([stake, false]);
    await deaf.close();
  });

  it("stops, and nothing else does, when the rules answer as they cannot", async () => {
    const nowhere = `0x${"77".repeat(20)}` as Address;
    const contracts = { ...genesis.contracts, ValidatorRegistry: nowhere };
    const strange = await ReportingLedger.open({ ...genesis, contracts });
    const { evidenceReporter, said } = strange.reporterOf(0);
    evidenceReporter.add(strange.contradiction(offender));
    await strange.settle(3);
    expect(said).to.deep.equal(["reporting has failed and stays off until the node is restarted; evidence is kept"]);
    expect(strange.height).to.equal(3);
    await strange.close();
  });

  it("is the next validator's when the first in line does nothing", async () => {
    const { reporter, evidenceReporter } = ledger.reporterOf(2);
    evidenceReporter.add(ledger.contradiction(offender));
    // Validator 2 comes third: after the blocks that 0 and 1 were left.
    await ledger.settle(7);
    expect(ledger.nonceOf(reporter)).to.equal(0);
    await ledger.settle();
    await expectConviction();
  });

  it("goes on when leaders leave its transactions out, as soon as one does not", async () => {
    honest();
    for (let i = 0; i < 30; i++) await ledger.block([]);
    expect(ledger.waiting).to.be.greaterThan(0);
    await ledger.block();
    for (let i = 0; i < 30; i++) await ledger.block([]);
    await ledger.settle(2);
    await expectConviction();
  });

  const killed = [
    ["before its commitment is ordered", 0],
    ["after its commitment was ordered, before it shows the evidence", 1],
    ["after the conviction", 2],
  ] as const;
  for (const [when, blocks] of killed) {
    it(`convicts once, and sends nothing twice, when the process is killed ${when}`, async () => {
      const evidence = [ledger.contradiction(offender)];
      const reporter = ledger.reporterOf(0);
      for (const piece of evidence) reporter.evidenceReporter.add(piece);
      await ledger.until("its transaction waits", () => ledger.waiting === 1);
      for (let i = 0; i < blocks; i++) await ledger.block();
      await ledger.reopen();
      expect(ledger.waiting, "the mempool is lost").to.equal(0);
      const again = ledger.reporterOf(0);
      for (const piece of evidence) again.evidenceReporter.add(piece);
      await ledger.settle(6);
      await expectConviction();
      expect(ledger.nonceOf(reporter.reporter)).to.equal(2);
      expect(ledger.events("EvidenceCommitted")).to.equal(1);
    });
  }

  it("goes on, when the process was killed, with the very contradiction that it had committed to", async () => {
    ledger.reporterOf(0).evidenceReporter.add(ledger.contradiction(offender, 50));
    await ledger.until("its commitment waits", () => ledger.waiting === 1);
    await ledger.block();
    await ledger.reopen();
    const { evidenceReporter, reporter } = ledger.reporterOf(0);
    for (const view of [41, 42, 50, 51]) evidenceReporter.add(ledger.contradiction(offender, view));
    await ledger.settle(3);
    await expectConviction();
    expect([ledger.nonceOf(reporter), ledger.events("EvidenceCommitted")]).to.deep.equal([2, 1]);
  });

  it("goes on with what an earlier life has sent, when that is ordered and the new one's is not", async () => {
    ledger.reporterOf(0).evidenceReporter.add(ledger.contradiction(offender, 50));
    await ledger.until("its commitment waits", () => ledger.waiting === 1);
    const early = ledger.waitingTransactions();
    await ledger.reopen();
    const { evidenceReporter, reporter } = ledger.reporterOf(0);
    for (const view of [41, 50]) evidenceReporter.add(ledger.contradiction(offender, view));
    await ledger.until("another commitment waits", () => ledger.waiting === 1);
    // It had been gossiped, and stands in another leader's block.
    await ledger.block(early);
    await ledger.settle(12);
    await expectConviction();
    expect([ledger.nonceOf(reporter), ledger.events("EvidenceCommitted")]).to.deep.equal([2, 1]);
  });

  it("is the same transaction again after a kill: what was gossiped before and what is sent after are one", async () => {
    const accusation = { validator: ledger.validator(offender), evidence: ledger.contradiction(offender) };
    const before = await ledger.reporterOf(0).chain.submit(accusation, "commit");
    await ledger.reopen();
    expect(await ledger.reporterOf(0).chain.submit(accusation, "commit")).to.deep.equal(before);
  });

  it("costs two transactions however many contradictions the offender signs", async () => {
    const views = Array.from({ length: 50 }, (_, i) => ledger.contradiction(offender, 41 + i));
    const reporters = honest(views);
    await ledger.settle();
    await expectConviction();
    expect(reporters.reduce((sum, { reporter }) => sum + ledger.nonceOf(reporter), 0)).to.equal(2);
    for (const { evidenceReporter } of reporters) evidenceReporter.add(ledger.contradiction(offender, 99));
    await ledger.settle(2);
    for (const { closed, evidenceReporter } of reporters) {
      expect(closed).to.deep.equal(["punished", "spent"]);
      expect(evidenceReporter.open).to.equal(0);
    }
  });

  it("still claims the reward of its commitment when a copier shows the evidence for nothing", async () => {
    const evidence = ledger.contradiction(offender);
    const reporter = ledger.reporterOf(0);
    reporter.evidenceReporter.add(evidence);
    await ledger.until("its commitment waits", () => ledger.waiting === 1);
    await ledger.block();
    await ledger.until("it is about to show", () => ledger.waiting === 1);
    // A leader that orders the copy and leaves the original out.
    const [copier] = developmentAccounts(1).map(({ privateKey }) => privateKeyToAccount(privateKey));
    const args = [voteEvidenceOf(ledger.validator(offender), evidence.first, evidence.second)] as const;
    const data = encodeFunctionData({ abi: voteEquivocationAbi, functionName: "report", args });
    await ledger.reopen();
    await ledger.send(copier as never, genesis.contracts.VoteEquivocation as Address, data);
    expect([ledger.events("FaultPunished"), ledger.events("FaultRewarded")]).to.deep.equal([1, 0]);
    ledger.reporterOf(0).evidenceReporter.add(evidence);
    await ledger.settle(3);
    await expectConviction();
    expect(await ledger.rewardOf(reporter.reporter)).to.equal(share);
  });

  it("takes evidence out of certificates, of each kind", async () => {
    const [b, c] = [Digest(`0x${"b1".repeat(32)}`), Digest(`0x${"c1".repeat(32)}`)];
    const at = (view: number) => ({ epoch: Epoch(0), view: View(view) });
    const pairs = [
      [{ kind: "notarize", ...at(1), digest: b } as const, { kind: "notarize", ...at(1), digest: c } as const],
      [{ kind: "finalize", ...at(2), digest: b } as const, { kind: "finalize", ...at(2), digest: c } as const],
      [{ kind: "nullify", ...at(3) } as const, { kind: "finalize", ...at(3), digest: c } as const],
      [{ kind: "notarize", ...at(4), digest: b } as const, { kind: "finalize", ...at(4), digest: c } as const],
    ] as const;
    const kinds: string[] = [];
    for (const [first, second] of pairs) {
      const byOffender = ({ signer }: SignedVote) => signer === offender;
      const one = ledger.certified(first, [0, 2, 3]).find(byOffender) as SignedVote;
      const other = ledger.certified(second, [1, 2, 3]).find(byOffender) as SignedVote;
      const record = { ...freshRecord(first.view), [first.kind]: new Map([[one.signer, one]]) };
      const [evidence] = contradictions(record, other);
      kinds.push((evidence as Evidence).kind);
      const accusation = { validator: ledger.validator(offender), evidence: evidence as Evidence };
      const { judgement } = await ledger.reporterOf(0).chain.facts(accusation);
      expect(judgement).to.deep.equal({ verdict: "proven" });
    }
    expect(kinds).to.deep.equal(["conflictingNotarize", "conflictingFinalize", "nullifyFinalize", "finalizeOther"]);
  });

  const domain = { chainId: 4_242, networkId: Digest(`0x${"a1".repeat(32)}`) };
  const refused: readonly (readonly [string, () => Evidence, string])[] = [
    [
      "another chain",
      () => ledger.contradiction(offender, 41, 0, { ...domain, chainId: 1 }),
      "VoteEquivocationAuthorInvalid",
    ],
    [
      "another network",
      () => ledger.contradiction(offender, 41, 0, { ...domain, networkId: Digest(`0x${"b2".repeat(32)}`) }),
      "VoteEquivocationAuthorInvalid",
    ],
    ["a forger", () => ({ ...ledger.contradiction(0), offender: offender as never }), "VoteEquivocationAuthorInvalid"],
    [
      "an honest validator",
      () => {
        const { first } = ledger.contradiction(offender);
        return { kind: "nullifyFinalize", offender: first.signer, first, second: first };
      },
      "VoteEquivocationConsistent",
    ],
  ];
  for (const [whose, evidenceOf, code] of refused) {
    it(`sends nothing for votes of ${whose}`, async () => {
      const evidence = evidenceOf();
      const accusation = { validator: ledger.validator(offender), evidence };
      const { judgement } = await ledger.reporterOf(0).chain.facts(accusation);
      expect(judgement).to.deep.equal({ verdict: "refuted", code });
      const reporters = honest([evidence]);
      await ledger.settle();
      expect(reporters.map(({ reporter }) => ledger.nonceOf(reporter))).to.deep.equal([0, 0, 0]);
      expect(reporters.map(({ closed }) => closed)).to.deep.equal([["refuted"], ["refuted"], ["refuted"]]);
      expect(await ledger.standing(offender)).to.deep.equal([stake, false]);
    });
  }

  it("sends nothing about a validator that left too long ago, and still reports one whose evidence counts", async () => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    for (const [ageSeconds, verdict] of [
      [3_600, "expired"],
      [10, "proven"],
    ] as const) {
      const retired = retiredIn(genesis, ledger.validator(offender), nowSeconds - ageSeconds);
      const other = await ReportingLedger.open(retired);
      await other.block();
      const { chain, evidenceReporter, reporter, closed } = other.reporterOf(0);
      const accusation = { validator: other.validator(offender), evidence: other.contradiction(offender) };
      expect((await chain.facts(accusation)).judgement).to.deep.equal({ verdict });
      evidenceReporter.add(accusation.evidence);
      await other.settle(4);
      const isExpired = verdict === "expired";
      expect([other.nonceOf(reporter), closed]).to.deep.equal(isExpired ? [0, ["expired"]] : [2, ["punished"]]);
      await other.close();
    }
  });

  it("keeps evidence against somebody whom the rules do not know as a validator, and says so once", async () => {
    const stranger = `0x${"99".repeat(20)}` as Address;
    const { evidenceReporter, reporter, said } = ledger.reporterOf(0, [0, 1, 2].map(ledger.validator).concat(stranger));
    evidenceReporter.add(ledger.contradiction(offender));
    evidenceReporter.add(ledger.contradiction(offender, 42));
    await ledger.settle(70);
    expect(said).to.deep.equal(["the rules know no such validator; evidence is kept"]);
    expect([ledger.nonceOf(reporter), evidenceReporter.open]).to.deep.equal([0, 1]);
  });
});

describe("a reporter", function () {
  this.timeout(60_000);

  it("of the offender's organisation shows the evidence for nothing", async () => {
    const ledger = await ReportingLedger.open(await reportingGenesis([0, 0, 0, 0]));
    await ledger.block();
    const { reporter, evidenceReporter } = ledger.reporterOf(0);
    evidenceReporter.add(ledger.contradiction(offender));
    await ledger.settle();
    expect(await ledger.standing(offender)).to.deep.equal([0n, true]);
    expect([ledger.events("EvidenceCommitted"), ledger.events("FaultRewarded")]).to.deep.equal([0, 0]);
    expect(ledger.nonceOf(reporter)).to.equal(1);
    await ledger.close();
  });

  it("that belongs to no organisation says so once and keeps the evidence, until the operators add it", async () => {
    const ledger = await ReportingLedger.open(await reportingGenesis(undefined, false));
    await ledger.block();
    const { reporter, evidenceReporter, said } = ledger.reporterOf(0);
    evidenceReporter.add(ledger.contradiction(offender));
    await ledger.settle(70);
    expect(said.map((sentence) => sentence.includes(`${reporter} belongs to no organisation`))).to.deep.equal([true]);
    expect([ledger.nonceOf(reporter), evidenceReporter.open]).to.deep.equal([0, 1]);
    await enrol(ledger, reporter);
    await ledger.settle(70);
    expect(await ledger.standing(offender)).to.deep.equal([0n, true]);
    expect(await ledger.rewardOf(reporter)).to.equal(share);
    await ledger.close();
  });
});
