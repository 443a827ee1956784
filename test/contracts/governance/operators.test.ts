import { expect } from "chai";
import { network } from "hardhat";
import type { Signer } from "../fixture.ts";

const { ethers, networkHelpers } = await network.create();

/** What waits, and for how long, is operatorsTimeLock.test.ts's. */
const NO_DELAY = { delay: 0, delayMin: 0 };

async function council() {
  const [alice, bob, carol, stranger] = (await ethers.getSigners()) as [Signer, Signer, Signer, Signer];
  const operators = await ethers.deployContract("Operators", [[alice, bob, carol], 2, NO_DELAY, []]);
  const permissions = await ethers.deployContract("Permissions", [operators, ethers.ZeroAddress, []]);
  const add = permissions.interface.encodeFunctionData("addOrganisation", ["Acme"]);
  return { alice, bob, carol, stranger, operators, permissions, add };
}

/** Proposes a call of the council on itself and has it executed by everybody. */
async function decide(w: Awaited<ReturnType<typeof council>>, data: string) {
  const id = await w.operators.proposalCount();
  await w.operators.connect(w.alice).propose(w.operators, data);
  await w.operators.connect(w.bob).approve(id);
  return w.operators.connect(w.stranger).execute(id);
}

describe("Operators", () => {
  const load = () => networkHelpers.loadFixture(council);

  it("executes a call on a module once a quorum approves, whoever executes it", async () => {
    const { operators, permissions, add, alice, bob, stranger } = await load();
    await expect(operators.propose(permissions, add))
      .to.emit(operators, "CallProposed")
      .withArgs(0, alice, permissions, add)
      .and.to.emit(operators, "CallApproved")
      .withArgs(0, alice);
    await operators.connect(bob).approve(0);
    await expect(operators.connect(stranger).execute(0))
      .to.emit(permissions, "OrganisationAdded")
      .withArgs(1, "Acme")
      .and.to.emit(operators, "CallExecuted");
    expect((await operators.proposalOf(0)).status).to.equal(4n);
  });

  it("lets nobody else propose or approve", async () => {
    const { operators, permissions, add, stranger } = await load();
    await expect(operators.connect(stranger).propose(permissions, add))
      .to.be.revertedWithCustomError(operators, "OperatorsUnauthorized")
      .withArgs(stranger);
    await operators.propose(permissions, add);
    await expect(operators.connect(stranger).approve(0)).to.be.revertedWithCustomError(
      operators,
      "OperatorsUnauthorized",
    );
  });

  it("does not execute below the quorum, nor count an operator twice", async () => {
    const { operators, permissions, add, alice } = await load();
    await operators.propose(permissions, add);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNoQuorum").withArgs(0, 1, 2);
    await expect(operators.approve(0))
      .to.be.revertedWithCustomError(operators, "OperatorsAlreadyApproved")
      .withArgs(0, alice);
  });

  it("executes a proposal once", async () => {
    const { operators, permissions, add, bob } = await load();
    await operators.propose(permissions, add);
    await operators.connect(bob).approve(0);
    await operators.execute(0);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNotOpen").withArgs(0);
    await expect(operators.approve(0)).to.be.revertedWithCustomError(operators, "OperatorsNotOpen");
    await expect(operators.approve(7)).to.be.revertedWithCustomError(operators, "OperatorsNotOpen").withArgs(7);
  });

  it("forgets the approval of an operator that left office", async () => {
    const w = await load();
    const { operators, permissions, add, bob, carol } = w;
    await operators.connect(carol).propose(permissions, add);
    await operators.connect(bob).approve(0);
    await decide(w, operators.interface.encodeFunctionData("removeOperator", [carol.address]));
    await expect(operators.execute(0)).to.be.revertedWithCustomError(operators, "OperatorsNoQuorum").withArgs(0, 1, 2);
  });

  it("passes on why a call failed, and leaves the proposal ready", async () => {
    const { operators, permissions, bob } = await load();
    await operators.propose(permissions, permissions.interface.encodeFunctionData("addOrganisation", [""]));
    await operators.connect(bob).approve(0);
    await expect(operators.execute(0)).to.be.revertedWithCustomError(permissions, "PermissionsInvalidName");
    expect((await operators.proposalOf(0)).status).to.equal(3n);
    await operators.propose(permissions, "0x12345678");
    await operators.connect(bob).approve(1);
    await expect(operators.execute(1)).to.be.revertedWithCustomError(operators, "OperatorsCallFailed").withArgs(1);
  });

  it("refuses a target without code", async () => {
    const { operators, stranger } = await load();
    await expect(operators.propose(stranger, "0x"))
      .to.be.revertedWithCustomError(operators, "OperatorsInvalidTarget")
      .withArgs(stranger);
  });

  it("changes its members and quorum by its own proposals alone", async () => {
    const w = await load();
    const { operators, carol, stranger } = w;
    for (const call of [
      () => operators.addOperator(stranger),
      () => operators.removeOperator(carol),
      () => operators.setQuorum(1),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(operators, "OperatorsOnlySelf");
    }
    await expect(decide(w, operators.interface.encodeFunctionData("addOperator", [stranger.address])))
      .to.emit(operators, "OperatorAdded")
      .withArgs(stranger);
    await decide(w, operators.interface.encodeFunctionData("removeOperator", [carol.address]));
    await expect(decide(w, operators.interface.encodeFunctionData("setQuorum", [3])))
      .to.emit(operators, "QuorumChanged")
      .withArgs(3);
    expect(await operators.operators()).to.have.members([w.alice.address, w.bob.address, stranger.address]);
    expect(await operators.isOperator(carol)).to.equal(false);
    expect(await operators.quorum()).to.equal(3n);
  });

  it("never has fewer operators than its quorum, nor one of them twice", async () => {
    const w = await load();
    const { operators, alice, bob, carol, stranger } = w;
    await decide(w, operators.interface.encodeFunctionData("removeOperator", [carol.address]));
    await expect(decide(w, operators.interface.encodeFunctionData("removeOperator", [bob.address])))
      .to.be.revertedWithCustomError(operators, "OperatorsInvalidQuorum")
      .withArgs(2, 1);
    const adding = (who: string) => operators.interface.encodeFunctionData("addOperator", [who]);
    for (const [who, data] of [
      [alice.address, adding(alice.address)],
      [ethers.ZeroAddress, adding(ethers.ZeroAddress)],
      [stranger.address, operators.interface.encodeFunctionData("removeOperator", [stranger.address])],
    ] as const) {
      await expect(decide(w, data)).to.be.revertedWithCustomError(operators, "OperatorsInvalidOperator").withArgs(who);
    }
    for (const quorum of [0, 3]) {
      await expect(
        ethers.deployContract("Operators", [[alice, bob], quorum, NO_DELAY, []]),
      ).to.be.revertedWithCustomError(operators, "OperatorsInvalidQuorum");
    }
  });

  it("has at most OPERATORS_MAX operators", async () => {
    const { operators } = await load();
    const many = Array.from({ length: 65 }, (_, i) => ethers.toBeHex(i + 1, 20));
    await expect(ethers.deployContract("Operators", [many, 1, NO_DELAY, []])).to.be.revertedWithCustomError(
      operators,
      "OperatorsInvalidOperator",
    );
    await ethers.deployContract("Operators", [many.slice(1), 1, NO_DELAY, []]);
  });
});
