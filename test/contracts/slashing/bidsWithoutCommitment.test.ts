// Two signed bids of which neither was committed: nothing on chain binds the agent's stake to the tender, and still no
// stake that was there when the tender opened is out before evidence stops to count (property 8).
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { type Agent, commitmentOf, openingOf, signBid } from "../actors.ts";
import { CREDIT, PARAMETERS, type Rules, setParameters } from "../fixture.ts";
import { marketWorld, postTask } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const { time } = networkHelpers;
const STAKE = 1_000n * CREDIT;

async function evidenceOf(rules: Rules, tenderId: string, agent: Agent) {
  const made = [5n, 6n].map((amount) => commitmentOf(tenderId, agent.key.address, openingOf(amount)));
  const [a, b] = made as [string, string];
  const sign = (commitment: string) => signBid(rules, tenderId, agent.agentId, agent.key, commitment);
  const [signatureA, signatureB] = [await sign(a), await sign(b)];
  const statements = { commitmentA: a, signatureA, commitmentB: b, signatureB, bidderB: ZeroAddress };
  return { tender: rules.at.SealedBidTender, tenderId, agentId: agent.agentId, slot: 0n, ...statements };
}

/** The longest windows of bids that a task can have, under the shortest unbonding delay that the network permits. */
async function world() {
  const w = await marketWorld(connection);
  const { min } = PARAMETERS.bounds.unbondingDelay ?? { min: 0n };
  await setParameters(w.rules, { unbondingDelay: min });
  const { bidWindowsMax } = await w.market.parameters();
  const { tenderId } = await postTask(w.rules, {
    commitWindow: bidWindowsMax / 2n,
    revealWindow: (bidWindowsMax + 1n) / 2n,
  });
  const openedAt = await w.rules.contracts.SealedBidTender.openedAt(tenderId);
  return { ...w, tenderId, openedAt, module: w.rules.contracts.BidEquivocation };
}

describe("two signed bids of which neither was committed", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("cost stake that was asked for when the tender opened, to the last second in which they count", async () => {
    const { rules, first, ledger, tenderId, openedAt, module } = await load();
    const owned = ledger.connect(first.owner);
    await time.setNextBlockTimestamp(openedAt);
    await owned.requestUnbonding(first.agentId, STAKE);
    const { readyAt } = await ledger.unbondingOf(first.agentId);
    const { revealDeadline } = await rules.contracts.SealedBidTender.termsOf(tenderId);
    const until = revealDeadline + PARAMETERS.evidenceAgeSeconds;
    expect(readyAt).to.be.greaterThan(until);
    await time.increaseTo(until - 1n);
    await expect(ledger.withdrawUnbonded(first.agentId)).to.be.revertedWithCustomError(ledger, "StakeNotReady");
    const evidence = await evidenceOf(rules, tenderId, first);
    await time.setNextBlockTimestamp(until);
    await module.report(evidence);
    expect(await ledger.stakeInReachOf(first.agentId)).to.equal(STAKE / 2n);
  });

  it("leave nothing out of reach when the operators change all they can to the offender's advantage", async () => {
    const { rules, first, ledger, tenderId, openedAt, module } = await load();
    // Evidence that counts longer is for later tenders; unbonding cannot get shorter than it is.
    await setParameters(rules, { evidenceAge: 9n * 86_400n });
    await ledger.connect(first.owner).requestUnbonding(first.agentId, STAKE);
    const { readyAt } = await ledger.unbondingOf(first.agentId);
    await time.increaseTo(readyAt);
    await expect(module.report(await evidenceOf(rules, tenderId, first))).to.be.revertedWithCustomError(
      module,
      "BidEquivocationTooOld",
    );
    expect(readyAt).to.be.greaterThan(openedAt);
  });
});
