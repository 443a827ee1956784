// Modules are replaced through the time lock; what is running ends where it began.
import { expect } from "chai";
import { getCreateAddress, id } from "ethers";
import { network } from "hardhat";
import { commitBid, openTender } from "../actors.ts";
import { CREDIT, govern, PARAMETERS, type Rules } from "../fixture.ts";
import { bid, deliver, marketWorld, pastDelivery, postTask, settledTask, UNIT } from "../tasks.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

async function world() {
  return await marketWorld(connection);
}
const load = () => networkHelpers.loadFixture(world);

type Call = "admitTender" | "retireTender" | "admitMarket";

async function decide(rules: Rules, call: Call, module: string): Promise<void> {
  const data = rules.contracts.AgentLedger.interface.encodeFunctionData(call as "admitTender", [module]);
  await govern(rules, rules.at.AgentLedger, data);
}

/** Tender, escrow, market and panel of a second generation, over the same ledger; not admitted yet. */
async function secondGeneration(rules: Rules): Promise<Rules> {
  const { at, operator } = rules;
  const nonce = await ethers.provider.getTransactionCount(operator.address);
  const next = (index: number) => getCreateAddress({ from: operator.address, nonce: nonce + index }) as `0x${string}`;
  const names = ["SealedBidTender", "JobEscrow", "TaskMarket", "DisputePanel"] as const;
  const places = Object.fromEntries(names.map((name, index) => [name, next(index)]));
  const later = { ...at, ...places };
  const shared = { credits: at.Credits, permissions: at.Permissions, ledger: at.AgentLedger };
  const pair = { ...shared, tender: later.SealedBidTender, escrow: later.JobEscrow };
  const mechanisms = [at.FirstPrice, at.Vickrey, at.UniformPrice, at.PostedPrice];
  const market = { ...pair, panel: later.DisputePanel, parameters: at.Parameters, postedPrice: at.PostedPrice };
  const args = {
    SealedBidTender: [at.AgentLedger, later.TaskMarket, mechanisms, PARAMETERS.networkId],
    JobEscrow: [at.Credits],
    TaskMarket: [market],
    DisputePanel: [{ ...pair, market: later.TaskMarket }],
  };
  const contracts: Record<string, unknown> = { ...rules.contracts };
  for (const name of names) {
    const contract = await ethers.deployContract(name, args[name] as never);
    expect(await contract.getAddress()).to.equal(later[name]);
    contracts[name] = contract;
  }
  return { ...rules, at: later, contracts: contracts as unknown as Rules["contracts"] };
}

async function admitted(rules: Rules): Promise<Rules> {
  const later = await secondGeneration(rules);
  await decide(rules, "admitTender", later.at.SealedBidTender);
  await decide(rules, "admitMarket", later.at.TaskMarket);
  return later;
}

describe("replacing modules", () => {
  it("lets a stranger's modules change no agent's record", async () => {
    const { rules, first, ledger } = await load();
    const later = await secondGeneration(rules);
    const { tenderId } = await postTask(later);
    await expect(commitBid(later, tenderId, first, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerUnauthorized")
      .withArgs(later.at.SealedBidTender);
    // A tender alone is not enough: awards become jobs through an admitted market.
    await decide(rules, "admitTender", later.at.SealedBidTender);
    const task = await postTask(later);
    await bid(later, task.tenderId, [[first, 40n * CREDIT]]);
    await expect(later.contracts.TaskMarket.settle(task.taskId))
      .to.be.revertedWithCustomError(ledger, "LedgerUnauthorized")
      .withArgs(later.at.TaskMarket);
  });

  it("leaves a running task to the modules it began with, while new ones begin with the new", async () => {
    const { rules, first, second, market, credits } = await load();
    const running = await settledTask(rules, [[first, 40n * CREDIT]]);
    const bidding = await postTask(rules);
    await commitBid(rules, bidding.tenderId, second, 50n * CREDIT);
    const later = await admitted(rules);
    await decide(rules, "retireTender", rules.at.SealedBidTender);

    const task = await settledTask(later, [[first, 30n * CREDIT]]);
    await deliver(later, task.taskId, 0, first);
    await later.contracts.TaskMarket.connect(rules.evaluator).giveVerdict(task.taskId, 0, true, id("fine"));
    expect((await later.contracts.TaskMarket.assignmentOf(task.taskId, 0)).status).to.equal(UNIT.paid);

    // The old ones end what they have: a delivery is paid, an unrevealed bid's lock burned, its tender closed.
    await deliver(rules, running.taskId, 0, first);
    await pastDelivery(rules, running.taskId);
    await networkHelpers.time.increase(501);
    await market.conclude(running.taskId, 0);
    expect(await market.creditOf(first.key.address)).to.equal(40n * CREDIT);
    const supply = await credits.totalSupply();
    await market.settle(bidding.taskId);
    expect(supply - (await credits.totalSupply())).to.equal(10n * CREDIT);
    const { committed, running: jobs } = await rules.contracts.AgentLedger.agentOf(first.agentId);
    expect([committed, jobs]).to.deep.equal([0n, 0n]);
  });

  it("lets a no-show of a later market be punished", async () => {
    const { rules, first, ledger } = await load();
    const later = await admitted(rules);
    const { taskId } = await settledTask(later, [[first, 40n * CREDIT]]);
    await pastDelivery(later, taskId);
    await later.contracts.TaskMarket.conclude(taskId, 0);
    expect((await ledger.agentOf(first.agentId)).bonded).to.equal(940n * CREDIT);
  });

  for (const generation of ["first", "second"] as const) {
    it(`lets a retired tender of the ${generation} generation take no new bids, until it is admitted again`, async () => {
      const { rules, first, ledger } = await load();
      const later = await admitted(rules);
      const concerned = generation === "first" ? rules : later;
      const { tenderId } = await postTask(concerned);
      await decide(rules, "retireTender", concerned.at.SealedBidTender);
      await expect(commitBid(concerned, tenderId, first, 5n))
        .to.be.revertedWithCustomError(ledger, "LedgerTenderRetired")
        .withArgs(concerned.at.SealedBidTender);
      await decide(rules, "admitTender", concerned.at.SealedBidTender);
      await commitBid(concerned, tenderId, first, 5n);
    });
  }

  it("gives and takes the right to slash", async () => {
    const { rules, ledger } = await load();
    const set = async (module: string, slashes: boolean) =>
      await govern(rules, rules.at.AgentLedger, ledger.interface.encodeFunctionData("setSlasher", [module, slashes]));
    await set(rules.at.BidEquivocation, false);
    expect(await ledger.isSlasher(rules.at.BidEquivocation)).to.equal(false);
    await set(rules.at.BidEquivocation, true);
    expect(await ledger.isSlasher(rules.at.BidEquivocation)).to.equal(true);
    await expect(set(rules.stranger.address, true)).to.be.revertedWithCustomError(ledger, "LedgerInvalidModule");
  });

  it("is the operators' proposals' alone, and needs a contract", async () => {
    const { rules, ledger } = await load();
    const { stranger, at } = rules;
    const asStranger = ledger.connect(stranger);
    for (const call of [
      () => asStranger.admitTender(at.SealedBidTender),
      () => asStranger.retireTender(at.SealedBidTender),
      () => asStranger.admitMarket(at.TaskMarket),
      () => asStranger.setSlasher(at.TaskMarket, true),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(ledger, "GovernedUnauthorized").withArgs(stranger.address);
    }
    for (const call of ["admitTender", "retireTender", "admitMarket"] as const) {
      await expect(decide(rules, call, stranger.address), call)
        .to.be.revertedWithCustomError(ledger, "LedgerInvalidModule")
        .withArgs(stranger.address);
    }
    await openTender(rules);
  });
});
