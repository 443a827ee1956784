// A pause and a delisting stop what is new, and nothing else.
import { expect } from "chai";
import { network } from "hardhat";
import { commitBid, commitmentOf, makeAgent, openingOf, signBid } from "../actors.ts";
import { type PanelWorld, panelWorld } from "../disputes.ts";
import { CREDIT, govern, ORGANISATION, type Rules } from "../fixture.ts";
import { bid, pastDelivery, postTask, taskTerms, UNIT } from "../tasks.ts";
import { exits } from "./exits.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const load = () => networkHelpers.loadFixture(world);
async function world() {
  return await panelWorld(connection);
}

async function pause(rules: Rules): Promise<void> {
  await govern(rules, rules.at.AgentLedger, rules.contracts.AgentLedger.interface.encodeFunctionData("pause"));
}

async function resume(rules: Rules): Promise<void> {
  await govern(rules, rules.at.AgentLedger, rules.contracts.AgentLedger.interface.encodeFunctionData("resume"));
}

/** Delists every organisation but the operators'; the panel's too, unless kept. */
async function delistAll({ rules, members }: PanelWorld, keepPanel = false) {
  const { Permissions: permissions } = rules.contracts;
  const kept = keepPanel ? members.map(({ organisation }) => BigInt(organisation)) : [];
  const last = await permissions.organisationCount();
  for (let id = BigInt(ORGANISATION.requester); id <= last; id++) {
    if (kept.includes(id)) continue;
    const data = permissions.interface.encodeFunctionData("delistOrganisation", [id]);
    await govern(rules, rules.at.Permissions, data);
  }
}

describe("a paused market", () => {
  it("takes no new task and no new bid, relayed or not, until it is resumed", async () => {
    const { rules, market, ledger, tender, first, second } = await load();
    const { tenderId } = await postTask(rules);
    await pause(rules);
    expect(await ledger.isPaused()).to.equal(true);
    await rules.contracts.Credits.connect(rules.requester).approve(rules.at.TaskMarket, 1_000n * CREDIT);
    const asRequester = market.connect(rules.requester);
    await expect(asRequester.post(taskTerms(rules))).to.be.revertedWithCustomError(market, "TaskMarketPaused");
    await expect(commitBid(rules, tenderId, first, 5n)).to.be.revertedWithCustomError(ledger, "LedgerPaused");
    const commitment = commitmentOf(tenderId, second.key.address, openingOf(6n));
    const signature = await signBid(rules, tenderId, second.agentId, second.key, commitment);
    const statement = { tenderId, agentId: second.agentId, slot: 0n, commitment };
    await expect(tender.commitBidFor(statement, signature)).to.be.revertedWithCustomError(ledger, "LedgerPaused");
    await resume(rules);
    expect(await ledger.isPaused()).to.equal(false);
    await asRequester.post(taskTerms(rules));
    await commitBid(rules, tenderId, first, 5n);
    await tender.commitBidFor(statement, signature);
  });

  it("is paused and resumed by the operators' proposals alone, which says so once", async () => {
    const { rules, ledger } = await load();
    for (const call of [() => ledger.pause(), () => ledger.resume()]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, "GovernedUnauthorized")
        .withArgs(rules.operator.address);
    }
    await pause(rules);
    await pause(rules);
    await resume(rules);
    const said = [
      ...(await ledger.queryFilter(ledger.filters.MarketPaused())),
      ...(await ledger.queryFilter(ledger.filters.MarketResumed())),
    ];
    expect(said).to.have.length(2);
  });

  it("keeps what it is measured by when parameters change", async () => {
    const { rules, ledger } = await load();
    await pause(rules);
    await ledger.connect(rules.stranger).parametersChanged();
    expect(await ledger.isPaused()).to.equal(true);
  });

  it("is an emergency of the plan, as delistings are, and nothing else is", async () => {
    const { rules } = await load();
    const { Operators: operators } = rules.contracts;
    const listed = (await operators.queryFilter(operators.filters.EmergencyCallChanged())).map(({ args }) => {
      const found = Object.entries(rules.at).find(([, address]) => address === args.target);
      const name = found?.[0] as "AgentLedger";
      return `${name}.${rules.contracts[name].interface.getFunction(args.selector as "pause")?.name}`;
    });
    expect(listed).to.have.members([
      "Operators.cancel",
      "Permissions.delistOrganisation",
      "Permissions.delistMember",
      "AttesterRegistry.delistAttester",
      "AgentLedger.pause",
      "AgentLedger.resume",
    ]);
  });

  it("lets a ranked loser take over a running task's unit", async () => {
    const { rules, market, first, second } = await load();
    const { taskId, tenderId } = await postTask(rules, { maxReassignments: 1n });
    await bid(rules, tenderId, [
      [first, 40n * CREDIT],
      [second, 50n * CREDIT],
    ]);
    await market.settle(taskId);
    await pastDelivery(rules, taskId);
    await market.conclude(taskId, 0);
    await pause(rules);
    await market.connect(second.key as never).acceptReassignment(taskId, 0);
    expect((await market.assignmentOf(taskId, 0)).status).to.equal(UNIT.assigned);
  });

  for (const { name, prepare } of exits) {
    it(`lets it go on: ${name}`, async () => {
      const w = await load();
      const act = await prepare(w);
      await pause(w.rules);
      await act();
    });
  }
});

describe("a delisted organisation", () => {
  it("starts nothing new: no task, no bid, no agent", async () => {
    const w = await load();
    const { rules, market, ledger, first } = w;
    const { tenderId } = await postTask(rules);
    await delistAll(w);
    await expect(market.connect(rules.requester).post(taskTerms(rules)))
      .to.be.revertedWithCustomError(market, "TaskMarketInactiveRequester")
      .withArgs(rules.requester);
    await expect(commitBid(rules, tenderId, first, 5n))
      .to.be.revertedWithCustomError(ledger, "LedgerAgentInactive")
      .withArgs(first.agentId);
    await expect(makeAgent(rules, 12)).to.be.revertedWithCustomError(ledger, "LedgerOwnerNotAllowed");
  });

  for (const { name, prepare, drawsPanel } of exits) {
    it(`gets out: ${name}`, async () => {
      const w = await load();
      const act = await prepare(w);
      await delistAll(w, drawsPanel);
      await act();
    });
  }
});
