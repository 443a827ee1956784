// What the registers do for the module that decides about false capabilities, and for no other.
import { expect } from "chai";
import { network } from "hardhat";
import { accusationWorld, REPORT, rewardOf } from "../accusations.ts";
import { DIGEST } from "../attestations.ts";
import { asContract } from "../fixture.ts";

const connection = await network.create();
const deploy = () => accusationWorld(connection);
const world = () => connection.networkHelpers.loadFixture(deploy);

describe("removing a capability", () => {
  it("is for slashing modules alone", async () => {
    const { ledger, agent, rules } = await world();
    for (const one of [agent.owner, rules.operator, await asContract(rules, rules.at.CapabilityResolver)]) {
      await expect(ledger.connect(one).removeCapability(agent.agentId, DIGEST))
        .to.be.revertedWithCustomError(ledger, "StakeNotSlasher")
        .withArgs(one);
    }
  });

  it("pays no part of a reward that is not there, nor to another module's reporters", async () => {
    const w = await world();
    const { rules, ledger, agent } = w;
    const module = ledger.connect(await asContract(rules, rules.at.FalseCapability));
    await module.slash(REPORT, agent.agentId, 100n, 1_000n, false);
    const other = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
    await expect(other.payRewardPart(REPORT, rules.reporter, 1n)).to.be.revertedWithCustomError(
      ledger,
      "StakeFaultUnknown",
    );
    for (const amount of [0n, 11n]) {
      await expect(module.payRewardPart(REPORT, rules.reporter, amount)).to.be.revertedWithCustomError(
        ledger,
        "StakeRewardGone",
      );
    }
    await module.payRewardPart(REPORT, rules.reporter, 4n);
    await module.payRewardPart(REPORT, rules.evaluator, 6n);
    await expect(module.payRewardPart(REPORT, rules.reporter, 1n)).to.be.revertedWithCustomError(
      ledger,
      "StakeRewardGone",
    );
    expect([await rewardOf(ledger, rules.reporter), await rewardOf(ledger, rules.evaluator)]).to.deep.equal([4n, 6n]);
  });
});
