import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, cacheCapability, makeAgent, rotateKey } from "../actors.ts";
import { deliveredTask, makeMember, objectTo, PANEL_CAPABILITY, panelWorld } from "../disputes.ts";
import { asContract, CREDIT, govern, ORGANISATION } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const world = () => panelWorld(connection);
const load = () => networkHelpers.loadFixture(world);
const seven = () => panelWorld(connection, 7);

type World = Awaited<ReturnType<typeof load>>;

const agentIds = async ({ panel }: World) => (await panel.members()).map(({ agentId }) => agentId);

/** Agents with a seat after the requester objects to an accepted delivery. */
async function drawn(w: World, taskId: bigint): Promise<bigint[]> {
  await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
  await objectTo(w, taskId, w.rules.requester);
  return (await w.panel.seatsOf(taskId, 0)).map(({ agentId }) => agentId);
}

describe("DisputePanel: members", () => {
  it("join with their bid key, and leave", async () => {
    const w = await load();
    const { panel, members, rules } = w;
    const member = await makeAgent(rules, 10);
    await cacheCapability(rules, member.agentId, PANEL_CAPABILITY);
    await expect(panel.connect(member.key as never).joinPanel())
      .to.emit(panel, "PanelJoined")
      .withArgs(member.agentId, member.organisation);
    expect(await agentIds(w)).to.deep.equal([...members, member].map(({ agentId }) => agentId));
    const [first] = members as [Agent];
    await expect(panel.connect(first.key as never).leavePanel())
      .to.emit(panel, "PanelLeft")
      .withArgs(first.agentId, first.organisation);
    expect(await agentIds(w)).to.have.members([...members.slice(1), member].map(({ agentId }) => agentId));
    await expect(panel.connect(first.key as never).leavePanel())
      .to.be.revertedWithCustomError(panel, "DisputePanelNotMember")
      .withArgs(first.agentId);
    await panel.connect(member.key as never).leavePanel();
    expect(await agentIds(w)).to.have.members(members.slice(1).map(({ agentId }) => agentId));
  });

  it("need the evaluating capability now, stake, and an active agent", async () => {
    const { panel, rules, ledger } = await load();
    const joins = async (member: Agent) => await panel.connect(member.key as never).joinPanel();
    const refused = async (member: Agent) =>
      await expect(joins(member)).to.be.revertedWithCustomError(panel, "DisputePanelUnfit").withArgs(member.agentId);
    const member = await makeAgent(rules, 10);
    await refused(member);
    await cacheCapability(rules, member.agentId, PANEL_CAPABILITY, { level: 0 });
    await refused(member);
    const now = BigInt(await networkHelpers.time.latest());
    await cacheCapability(rules, member.agentId, PANEL_CAPABILITY, { validUntil: now });
    await refused(member);
    await cacheCapability(rules, member.agentId, PANEL_CAPABILITY);
    const slasher = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
    const snapshot = await networkHelpers.takeSnapshot();
    await slasher.slash(id("a fault"), member.agentId, 0n, 0n, true);
    await refused(member);
    await snapshot.restore();
    await slasher.slash(id("a fault"), member.agentId, 901n * CREDIT, 0n, false);
    await refused(member);
    await snapshot.restore();
    await joins(member);
  });

  it("are no strangers, and no former keys", async () => {
    const { panel, rules, ledger, members } = await load();
    await expect(panel.connect(rules.stranger).joinPanel()).to.be.revertedWithCustomError(ledger, "LedgerKeyUnknown");
    const [member] = members as [Agent];
    await rotateKey(rules, member.agentId, member.owner);
    for (const call of ["joinPanel", "leavePanel"] as const) {
      await expect(panel.connect(member.key as never)[call]())
        .to.be.revertedWithCustomError(panel, "DisputePanelNotBidKey")
        .withArgs(member.key);
    }
  });

  it("have one place per organisation: a second agent takes the first one's", async () => {
    const w = await load();
    const { panel, members, rules } = w;
    const [first] = members as [Agent];
    const second = await makeAgent(rules, 4);
    await cacheCapability(rules, second.agentId, PANEL_CAPABILITY);
    await expect(panel.connect(second.key as never).joinPanel())
      .to.emit(panel, "PanelLeft")
      .withArgs(first.agentId, first.organisation);
    expect(await agentIds(w)).to.deep.equal([second, ...members.slice(1)].map(({ agentId }) => agentId));
  });

  it("that lapsed can be taken off by anyone, others cannot", async () => {
    const w = await load();
    const { panel, members, rules, ledger } = w;
    const [first] = members as [Agent];
    const asStranger = panel.connect(rules.stranger);
    await expect(asStranger.removeLapsed(first.organisation))
      .to.be.revertedWithCustomError(panel, "DisputePanelStillFit")
      .withArgs(first.agentId);
    await expect(asStranger.removeLapsed(ORGANISATION.requester))
      .to.be.revertedWithCustomError(panel, "DisputePanelNotMember")
      .withArgs(0);
    await ledger.connect(first.owner).revokeBidKey(first.key);
    await expect(asStranger.removeLapsed(first.organisation))
      .to.emit(panel, "PanelLeft")
      .withArgs(first.agentId, first.organisation);
    expect(await agentIds(w)).not.to.include(first.agentId);
  });

  it("are at most sixty-four", async () => {
    const w = await load();
    const { rules, panel } = w;
    // Organisations beyond the accounts of the test network: each a new member that owns an agent.
    const permissions = rules.contracts.Permissions.interface;
    const [registrar] = w.members as [Agent];
    const add = async (index: number) => {
      const name = `evaluators ${index}`;
      await govern(rules, rules.at.Permissions, permissions.encodeFunctionData("addOrganisation", [name]));
      const organisation = Number(await rules.contracts.Permissions.organisationCount());
      const wallet = connection.ethers.Wallet.createRandom(connection.ethers.provider);
      await networkHelpers.setBalance(wallet.address, 10n ** 20n);
      const join = permissions.encodeFunctionData("addMembers", [organisation, [wallet.address]]);
      await govern(rules, rules.at.Permissions, join);
      const registry = rules.contracts.IdentityRegistry.connect(wallet as never);
      const agentId = await registry["register()"].staticCall();
      await registry["register()"]();
      const key = await rotateKey(rules, agentId, wallet as never);
      const { Credits: credits, AgentLedger: ledger } = rules.contracts;
      await credits.connect(registrar.owner).approve(ledger, 1_000n * CREDIT);
      await ledger.connect(registrar.owner).stake(agentId, 1_000n * CREDIT);
      await cacheCapability(rules, agentId, PANEL_CAPABILITY);
      return panel.connect(key as never);
    };
    for (let count = 5; count < 64; count++) await (await add(count)).joinPanel();
    const last = await add(64);
    await expect(last.joinPanel()).to.be.revertedWithCustomError(panel, "DisputePanelFull");
    await networkHelpers.time.increase(1);
    const taskId = await deliveredTask(w);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    const receipt = await (await objectTo(w, taskId, rules.requester)).wait();
    expect(receipt?.gasUsed, "the draw from a full panel").to.be.lessThan(3_000_000n);
    console.log(`        an objection with ${(await panel.members()).length} members: ${receipt?.gasUsed} gas`);
  }).timeout(120_000);
});

describe("DisputePanel: the draw", () => {
  it("takes the first by a hash over the three organisations, nothing else", async () => {
    for (const wait of [0, 77]) {
      const w = await networkHelpers.loadFixture(seven);
      const taskId = await deliveredTask(w);
      await networkHelpers.mine(wait);
      const { requester } = ORGANISATION;
      const rank = ({ organisation }: Agent) =>
        keccak256(
          AbiCoder.defaultAbiCoder().encode(
            ["uint32", "uint32", "uint32"],
            [requester, w.first.organisation, organisation],
          ),
        );
      const ranked = [...w.members].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
      expect(await drawn(w, taskId)).to.deep.equal(ranked.slice(0, 5).map(({ agentId }) => agentId));
    }
  });

  it("leaves out the organisations of requester, provider and evaluator", async () => {
    const w = await load();
    const { rules } = w;
    const evaluating = await makeMember(rules, 11);
    const requesting = await makeMember(rules, 12);
    await cacheCapability(rules, w.first.agentId, PANEL_CAPABILITY);
    await w.panel.connect(w.first.key as never).joinPanel();
    await networkHelpers.time.increase(1);
    const taskId = await deliveredTask(w, {
      evaluator: evaluating.owner.address,
      requester: requesting.owner,
    });
    await w.market.connect(evaluating.owner).giveVerdict(taskId, 0, true, ZeroHash);
    await objectTo(w, taskId, requesting.owner);
    const seated = (await w.panel.seatsOf(taskId, 0)).map(({ agentId }) => agentId);
    expect(seated).to.have.members(w.members.map(({ agentId }) => agentId));
  });

  it("leaves out whoever joined when the task was posted, or later", async () => {
    const w = await load();
    const taskId = await deliveredTask(w);
    const late = await makeMember(w.rules, 10);
    expect(await drawn(w, taskId)).not.to.include(late.agentId);
    await networkHelpers.time.increase(1);
    const next = await deliveredTask(w);
    await w.panel.connect(w.members[0]?.key as never).leavePanel();
    expect(await drawn(w, next)).to.include(late.agentId);
  });

  it("leaves out members that could not join now, and whose agent changed hands", async () => {
    const w = await load();
    const { rules, ledger } = w;
    const [suspended, unattested, sold] = w.members as [Agent, Agent, Agent];
    const extra = [await makeMember(rules, 10), await makeMember(rules, 11), await makeMember(rules, 12)];
    await networkHelpers.time.increase(1);
    const taskId = await deliveredTask(w);
    const slasher = ledger.connect(await asContract(rules, rules.at.BidEquivocation));
    const registry = rules.contracts.IdentityRegistry.connect(sold.owner);
    await registry.transferFrom(sold.owner, w.rules.reporter, sold.agentId);
    await rotateKey(rules, sold.agentId, w.rules.reporter);
    await cacheCapability(rules, sold.agentId, PANEL_CAPABILITY);
    await slasher.slash(id("a fault"), suspended.agentId, 0n, 0n, true);
    const resolver = ledger.connect(await asContract(rules, rules.at.CapabilityResolver));
    await resolver.clearCapability(unattested.agentId, PANEL_CAPABILITY, rules.operator.address, true);
    const fit = [...w.members.slice(3), ...extra].map(({ agentId }) => agentId);
    expect(await drawn(w, taskId)).to.have.members(fit);
  });
});
