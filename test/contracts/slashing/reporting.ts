// What holds for every slashing module, whatever its faults are: a fault is punished once, and a reward needs a
// commitment in an earlier block, by the same reporter, of another organisation than the offender's.
import { expect } from "chai";
import { type BaseContract, type ContractTransactionResponse, id } from "ethers";
import { type Connection, govern, PARAMETERS, type Rules, type Signer } from "../fixture.ts";

const SALT = id("a reporter's salt");

/** The part of a slashing module that does not depend on the form of its evidence. */
interface Reporting {
  report(evidence: object): Promise<ContractTransactionResponse>;
  reportCommitted(evidence: object, salt: string): Promise<ContractTransactionResponse>;
  evidenceCommitment(evidence: object, reporter: string, salt: string): Promise<string>;
  commitEvidence(commitment: string, overrides?: object): Promise<ContractTransactionResponse>;
}

export interface ReportedFault {
  readonly rules: Rules;
  readonly module: BaseContract;
  /** Register that holds the offender's stake. */
  readonly register: BaseContract;
  readonly faultId: string;
  readonly offender: bigint;
  readonly evidence: object;
  /** The same fault shown otherwise: in another order, encoding, form or with other statements. */
  readonly otherForms: readonly object[];
  /** The same two statements in the other order. */
  readonly swapped: object;
  /** A member of the offender's organisation. */
  readonly accomplice: Signer;
  /** What the fault takes. */
  readonly penalty: bigint;
  /** Seconds from a reward to its payment. */
  readonly unbondingDelay: bigint;
}

const as = (fault: ReportedFault, signer: Signer) => fault.module.connect(signer) as unknown as Reporting;

/** Describes the reporting of a fault; `load` gives it afresh, not reported yet. */
export function describeReporting(connection: Connection, load: () => Promise<ReportedFault>): void {
  describe("reporting it", () => {
    it("punishes once, in whatever order, encoding and form it is shown", async () => {
      const fault = await load();
      const { rules, module, register, faultId, offender } = fault;
      for (const first of [fault.evidence, ...fault.otherForms]) {
        const before = await connection.networkHelpers.takeSnapshot();
        await expect(as(fault, rules.stranger).report(first)).to.emit(module, "FaultPunished");
        expect(await register.getFunction("isPunished")(faultId)).to.equal(true);
        const left = await register.getFunction("stakeInReachOf")(offender);
        for (const second of [fault.evidence, ...fault.otherForms]) {
          await expect(as(fault, rules.reporter).report(second))
            .to.be.revertedWithCustomError(module, "EvidenceFaultPunished")
            .withArgs(faultId);
        }
        expect(await register.getFunction("stakeInReachOf")(offender)).to.equal(left);
        await before.restore();
      }
    });

    it("rewards who committed in an earlier block, whichever order the statements are shown in", async () => {
      const fault = await load();
      const { rules, module, register, faultId, penalty } = fault;
      const reporter = as(fault, rules.reporter);
      const commitment = await reporter.evidenceCommitment(fault.evidence, rules.reporter.address, SALT);
      await expect(reporter.commitEvidence(commitment))
        .to.emit(module, "EvidenceCommitted")
        .withArgs(rules.reporter.address, commitment);
      const reward = (penalty * PARAMETERS.rewardShareBps) / 10_000n;
      await expect(reporter.reportCommitted(fault.swapped, SALT))
        .to.emit(module, "FaultRewarded")
        .withArgs(faultId, rules.reporter.address, reward);
      const now = BigInt(await connection.networkHelpers.time.latest());
      const held = await register.getFunction("rewardOf")(rules.reporter.address);
      expect(held).to.deep.equal([reward, now + fault.unbondingDelay]);
    });

    it("rewards nobody without a commitment of its own, an earlier block, and the same salt", async () => {
      const fault = await load();
      const { rules, module, evidence } = fault;
      const reporter = as(fault, rules.reporter);
      const refused = async (sent: Promise<unknown>) =>
        await expect(sent).to.be.revertedWithCustomError(module, "EvidenceNotCommitted");
      const commitment = await reporter.evidenceCommitment(evidence, rules.reporter.address, SALT);
      await refused(reporter.reportCommitted(evidence, SALT));
      await as(fault, rules.evaluator).commitEvidence(commitment);
      await refused(reporter.reportCommitted(evidence, SALT));
      await refused(as(fault, rules.evaluator).reportCommitted(evidence, SALT));
      await reporter.commitEvidence(commitment);
      await refused(reporter.reportCommitted(evidence, id("another salt")));
      await reporter.reportCommitted(evidence, SALT);
    });

    it("pays the earlier committer though a copier shows the evidence first, and nobody else, once", async () => {
      const fault = await load();
      const { rules, module, register, evidence } = fault;
      const reporter = as(fault, rules.reporter);
      const copier = as(fault, rules.evaluator);
      await reporter.commitEvidence(await reporter.evidenceCommitment(evidence, rules.reporter.address, SALT));
      await copier.report(evidence);
      await copier.commitEvidence(await copier.evidenceCommitment(evidence, rules.evaluator.address, SALT));
      await expect(copier.reportCommitted(evidence, SALT)).to.be.revertedWithCustomError(
        module,
        "EvidenceFaultPunished",
      );
      await expect(reporter.reportCommitted(evidence, SALT)).to.emit(module, "FaultRewarded");
      await expect(reporter.reportCommitted(evidence, SALT)).to.be.revertedWithCustomError(register, "StakeRewardGone");
    });

    it("never rewards the offender's organisation, nor strangers", async () => {
      const fault = await load();
      const { rules, module, evidence, accomplice } = fault;
      for (const reporter of [accomplice, rules.stranger]) {
        const own = as(fault, reporter);
        await own.commitEvidence(await own.evidenceCommitment(evidence, reporter.address, SALT));
        await expect(own.reportCommitted(evidence, SALT))
          .to.be.revertedWithCustomError(module, "EvidenceReporterRefused")
          .withArgs(reporter.address);
      }
    });

    it("burns what is not the reporter's, to the last unit", async () => {
      const fault = await load();
      const { Credits } = fault.rules.contracts;
      const supply = await Credits.totalSupply();
      const inReach = await fault.register.getFunction("stakeInReachOf")(fault.offender);
      await expect(as(fault, fault.rules.stranger).report(fault.evidence)).to.emit(fault.module, "FaultPunished");
      const share = (fault.penalty * PARAMETERS.rewardShareBps) / 10_000n;
      expect(await Credits.totalSupply()).to.equal(supply - (fault.penalty - share));
      const left = await fault.register.getFunction("stakeInReachOf")(fault.offender);
      expect(inReach - left).to.equal(fault.penalty);
    });

    it("is judged against a list that the operators alone extend, by contracts alone", async () => {
      const { rules, module } = await load();
      const target = await module.getAddress();
      const data = (source: string) => module.interface.encodeFunctionData("addSource", [source]);
      await expect(rules.requester.sendTransaction({ to: target, data: data(rules.at.EAS) }))
        .to.be.revertedWithCustomError(module, "GovernedUnauthorized")
        .withArgs(rules.requester.address);
      await expect(govern(rules, target, data(rules.stranger.address)))
        .to.be.revertedWithCustomError(module, "EvidenceSourceInvalid")
        .withArgs(rules.stranger.address);
      await govern(rules, target, data(rules.at.EAS));
      expect(await module.getFunction("isSource")(rules.at.EAS)).to.equal(true);
    });
  });
}
