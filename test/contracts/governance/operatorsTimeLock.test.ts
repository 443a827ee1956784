import { expect } from "chai";
import { network } from "hardhat";
import { deployPermissions, deployRules, type Signer } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const LOCK = { delay: 2n * DAY, delayMin: DAY };
const WINDOW = 14n * DAY;
/** ProposalStatus of Operators. */
const STATUS = { pending: 1n, queued: 2n, ready: 3n, executed: 4n, cancelled: 5n, expired: 6n };

async function council() {
  const [alice, bob, carol, stranger] = (await ethers.getSigners()) as [Signer, Signer, Signer, Signer];
  const rules = await deployRules(connection);
  const permissionsAt = ethers.getCreateAddress({
    from: alice.address,
    nonce: (await ethers.provider.getTransactionCount(alice.address)) + 2,
  });
  const delist = ethers.id("delistOrganisation(uint32)").slice(0, 10);
  const emergencies = [{ target: permissionsAt, selector: delist }];
  const operators = await ethers.deployContract("Operators", [[alice, bob, carol], 2, LOCK, emergencies]);
  const permissions = await deployPermissions(rules, await operators.getAddress(), [{ name: "Acme", members: [] }]);
  const add = permissions.interface.encodeFunctionData("addOrganisation", ["Babel"]);
  return { rules, alice, bob, carol, stranger, operators, permissions, add };
}
type Council = Awaited<ReturnType<typeof council>>;

/** Alice proposes, Bob's approval makes the quorum. */
async function queued(
  { operators, permissions, alice, bob, add }: Council,
  data = add,
  target = permissions as object,
) {
  const id = await operators.proposalCount();
  await operators.connect(alice).propose(target as never, data);
  await operators.connect(bob).approve(id);
  return { id, readyAt: (await operators.proposalOf(id)).readyAt };
}

/** Lets a call of the council on itself have its way, delay and all. */
async function decide(
  w: Council,
  name: "setDelay" | "setQuorum" | "removeOperator" | "setEmergencyCall",
  args: unknown[],
) {
  const data = w.operators.interface.encodeFunctionData(name as never, args as never);
  const { id, readyAt } = await queued(w, data, w.operators);
  await time.increaseTo(readyAt);
  return w.operators.execute(id);
}

describe("Operators' time lock", () => {
  const load = () => networkHelpers.loadFixture(council);
  const statusOf = async ({ operators }: Council, id: bigint) => (await operators.proposalOf(id)).status;

  it("queues a call when the quorum approves it, and says from when to when it can be executed", async () => {
    const w = await load();
    const { operators, permissions, add, bob } = w;
    await operators.propose(permissions, add);
    expect(await statusOf(w, 0n)).to.equal(STATUS.pending);
    await operators.connect(bob).approve(0);
    const now = BigInt(await time.latest());
    const event = (await operators.queryFilter(operators.filters.CallQueued())).at(-1);
    expect([...(event?.args ?? [])]).to.deep.equal([0n, now + LOCK.delay, now + LOCK.delay + WINDOW]);
    expect(await statusOf(w, 0n)).to.equal(STATUS.queued);
  });

  it("executes a call in the first second after the delay, and not in the last of it", async () => {
    const w = await load();
    const { id, readyAt } = await queued(w);
    await time.setNextBlockTimestamp(readyAt - 1n);
    await expect(w.operators.execute(id))
      .to.be.revertedWithCustomError(w.operators, "OperatorsNotReady")
      .withArgs(id, readyAt);
    await time.setNextBlockTimestamp(readyAt);
    await expect(w.operators.execute(id)).to.emit(w.permissions, "OrganisationAdded");
    expect(await statusOf(w, id)).to.equal(STATUS.executed);
  });

  it("does not let the delay pass before the quorum is there", async () => {
    const w = await load();
    const { operators, permissions, add, bob } = w;
    await operators.propose(permissions, add);
    await time.increase(3n * DAY);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNoQuorum");
    await operators.connect(bob).approve(0);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNotReady");
  });

  it("forgets a proposal that finds no quorum within the approval window", async () => {
    const w = await load();
    const { operators, permissions, add, bob } = w;
    await operators.propose(permissions, add);
    const last = (await operators.proposalOf(0)).proposedAt + WINDOW;
    await time.setNextBlockTimestamp((await time.latest()) + 1);
    await operators.propose(permissions, add);
    await time.increaseTo(last + 1n);
    await expect(operators.connect(bob).approve(0))
      .to.be.revertedWithCustomError(operators, "OperatorsNotOpen")
      .withArgs(0);
    expect(await statusOf(w, 0n)).to.equal(STATUS.expired);
    // Proposed a second later, so this is its last one.
    await time.setNextBlockTimestamp(last + 1n);
    await operators.connect(bob).approve(1);
  });

  it("forgets a call that nobody executes within the execution window", async () => {
    const w = await load();
    const one = await queued(w);
    await time.increaseTo(one.readyAt + WINDOW + 1n);
    await expect(w.operators.execute(one.id))
      .to.be.revertedWithCustomError(w.operators, "OperatorsNotOpen")
      .withArgs(one.id);
    expect(await statusOf(w, one.id)).to.equal(STATUS.expired);
    const other = await queued(w);
    await time.setNextBlockTimestamp(other.readyAt + WINDOW);
    await w.operators.execute(other.id);
  });

  it("lets the proposer cancel, queued or not, and nobody else alone", async () => {
    const w = await load();
    const { operators, bob, alice, stranger } = w;
    const { id, readyAt } = await queued(w);
    for (const other of [bob, stranger]) {
      await expect(operators.connect(other).cancel(id))
        .to.be.revertedWithCustomError(operators, "OperatorsNotProposer")
        .withArgs(id, other);
    }
    await expect(operators.cancel(id)).to.emit(operators, "CallCancelled").withArgs(id, alice);
    expect(await statusOf(w, id)).to.equal(STATUS.cancelled);
    await time.increaseTo(readyAt);
    await expect(operators.execute(id)).to.be.revertedWithCustomError(operators, "OperatorsNotOpen");
    await expect(operators.cancel(id)).to.be.revertedWithCustomError(operators, "OperatorsNotOpen");
  });

  it("lets no proposer cancel that has left office", async () => {
    const w = await load();
    const { operators, permissions, add, carol } = w;
    await operators.connect(carol).propose(permissions, add);
    await decide(w, "removeOperator", [carol.address]);
    await expect(operators.connect(carol).cancel(0)).to.be.revertedWithCustomError(operators, "OperatorsNotProposer");
  });

  it("lets a quorum cancel another's queued call without delay", async () => {
    const w = await load();
    const { operators, bob, carol } = w;
    const { id } = await queued(w);
    const cancellation = operators.interface.encodeFunctionData("cancel", [id]);
    await operators.connect(bob).propose(operators, cancellation);
    await operators.connect(carol).approve(id + 1n);
    await expect(operators.execute(id + 1n))
      .to.emit(operators, "CallCancelled")
      .withArgs(id, operators);
  });

  it("does not execute what has lost its quorum meanwhile, until others step in", async () => {
    const w = await load();
    const { operators, bob, carol } = w;
    const { id, readyAt } = await queued(w);
    await expect(operators.connect(bob).withdrawApproval(id)).to.emit(operators, "ApprovalWithdrawn").withArgs(id, bob);
    await expect(operators.connect(carol).withdrawApproval(id))
      .to.be.revertedWithCustomError(operators, "OperatorsNotApproved")
      .withArgs(id, carol);
    await time.increaseTo(readyAt);
    await expect(operators.execute(id))
      .to.be.revertedWithCustomError(operators, "OperatorsNoQuorum")
      .withArgs(id, 1, 2);
    await operators.connect(carol).approve(id);
    // Its notice has been given: the delay does not begin again.
    await operators.execute(id);
  });

  it("queues what a lowered quorum approves, when asked to", async () => {
    const w = await load();
    const { operators, permissions, add, stranger } = w;
    await operators.propose(permissions, add);
    await expect(operators.queue(0)).to.be.revertedWithCustomError(operators, "OperatorsNoQuorum");
    await decide(w, "setQuorum", [1]);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNotReady").withArgs(0, 0);
    await expect(operators.connect(stranger).queue(0)).to.emit(operators, "CallQueued");
    await expect(operators.queue(0)).to.be.revertedWithCustomError(operators, "OperatorsNotPending").withArgs(0);
    await expect(operators.queue(9)).to.be.revertedWithCustomError(operators, "OperatorsNotPending").withArgs(9);
  });

  it("changes its delay behind the present delay alone, within its bounds, for what is queued later", async () => {
    const w = await load();
    const { operators } = w;
    const earlier = await queued(w);
    await expect(operators.setDelay(DAY)).to.be.revertedWithCustomError(operators, "OperatorsOnlySelf");
    await expect(decide(w, "setDelay", [DAY]))
      .to.emit(operators, "DelayChanged")
      .withArgs(DAY);
    expect(await operators.delay()).to.equal(DAY);
    expect((await operators.proposalOf(earlier.id)).readyAt).to.equal(earlier.readyAt);
    const later = await queued(w);
    expect(later.readyAt).to.equal(BigInt(await time.latest()) + DAY);
    for (const delay of [DAY - 1n, 60n * DAY + 1n]) {
      await expect(decide(w, "setDelay", [delay]))
        .to.be.revertedWithCustomError(operators, "OperatorsInvalidDelay")
        .withArgs(delay, DAY, 60n * DAY);
    }
    await expect(
      ethers.deployContract("Operators", [[w.alice], 1, { delay: 0, delayMin: 1 }, []]),
    ).to.be.revertedWithCustomError(operators, "OperatorsInvalidDelay");
  });

  it("makes emergency calls without delay, but not without the quorum", async () => {
    const w = await load();
    const { operators, permissions, bob } = w;
    await operators.propose(permissions, permissions.interface.encodeFunctionData("delistOrganisation", [1]));
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNoQuorum");
    await operators.connect(bob).approve(0);
    await expect(operators.execute(0)).to.emit(permissions, "OrganisationDelisted").withArgs(1);
  });

  it("knows an emergency by target and function, and delays its undoing", async () => {
    const w = await load();
    const { operators, permissions } = w;
    const relist = permissions.interface.encodeFunctionData("setOrganisationActive", [1, true]);
    const delist = permissions.interface.encodeFunctionData("delistOrganisation", [1]);
    const elsewhere = await deployPermissions(w.rules, await operators.getAddress(), [{ name: "Acme", members: [] }]);
    for (const [target, data] of [
      [permissions, relist],
      [elsewhere, delist],
      [permissions, "0x"],
      [permissions, delist.slice(0, 8)],
    ] as const) {
      const { id, readyAt } = await queued(w, data, target);
      await expect(operators.execute(id))
        .to.be.revertedWithCustomError(operators, "OperatorsNotReady")
        .withArgs(id, readyAt);
    }
  });

  it("takes no calldata shorter than a selector for an emergency", async () => {
    const w = await load();
    const { operators, permissions } = w;
    // Three bytes, filled up with zeros, would be this selector.
    await decide(w, "setEmergencyCall", [await permissions.getAddress(), "0x12345600", true]);
    const { id, readyAt } = await queued(w, "0x123456");
    await expect(operators.execute(id))
      .to.be.revertedWithCustomError(operators, "OperatorsNotReady")
      .withArgs(id, readyAt);
  });

  it("changes its list of emergencies behind the delay alone", async () => {
    const w = await load();
    const { operators, permissions } = w;
    const selector = permissions.interface.getFunction("delistOrganisation").selector;
    const entry = [await permissions.getAddress(), selector] as const;
    expect(await operators.isEmergencyCall(...entry)).to.equal(true);
    await expect(operators.setEmergencyCall(...entry, false)).to.be.revertedWithCustomError(
      operators,
      "OperatorsOnlySelf",
    );
    await expect(decide(w, "setEmergencyCall", [...entry, false]))
      .to.emit(operators, "EmergencyCallChanged")
      .withArgs(...entry, false);
    const { id } = await queued(w, permissions.interface.encodeFunctionData("delistOrganisation", [1]));
    await expect(operators.execute(id)).to.be.revertedWithCustomError(operators, "OperatorsNotReady");
  });
});
