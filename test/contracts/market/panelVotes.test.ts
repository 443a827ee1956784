import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { newKey, rotateKey } from "../actors.ts";
import {
  BOND,
  decide,
  deliveredTask,
  memberOf,
  objectTo,
  PANEL_FEE,
  panelWorld,
  RULING,
  SALT,
  sealVotes,
  toRuling,
  toVoteReveal,
  voteCommitment,
} from "../disputes.ts";
import { govern, type Signer } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const { time } = networkHelpers;

/** Five members of level 1. */
const equals = async () => await disputedWorld(() => 1);
/** The member that is drawn first weighs 2, whatever its level of 9 says. */
const weighted = async () => await disputedWorld((index) => (index === 0 ? 9 : 1));

/** An accepted delivery that the requester objects to. */
async function disputedWorld(levelOf: (index: number) => number) {
  const w = await panelWorld(connection, 5, levelOf);
  const taskId = await deliveredTask(w);
  await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
  await objectTo(w, taskId, w.rules.requester);
  const seats = await w.panel.seatsOf(taskId, 0);
  const voters = seats.map(({ voter }) => memberOf(w, voter).key as unknown as Signer);
  return { ...w, taskId, seats, voters };
}

const load = () => networkHelpers.loadFixture(equals);

type World = Awaited<ReturnType<typeof load>>;

const ballot = ({ panel, taskId }: World, by: unknown) => ({
  commit: (commitment: string) => panel.connect(by as never).commitVote(taskId, 0, commitment),
  reveal: (voter: string, uphold: boolean, salt = SALT) =>
    panel.connect(by as never).revealVote(taskId, 0, voter, uphold, salt),
});

describe("DisputePanel: votes", () => {
  it("are sealed by the voters of seats alone, once", async () => {
    const w = await load();
    const { panel, taskId, voters, rules } = w;
    const [voter] = voters as [Signer];
    const commitment = await voteCommitment(w, taskId, voter.address, true);
    expect(await panel.voteCommitmentOf(taskId, 0, voter.address, true, SALT)).to.equal(commitment);
    for (const other of [rules.requester, w.first.key, rules.evaluator, rules.stranger]) {
      await expect(ballot(w, other).commit(commitment))
        .to.be.revertedWithCustomError(panel, "DisputePanelNoSeat")
        .withArgs(taskId, 0, other);
    }
    await expect(ballot(w, voter).commit(ZeroHash)).to.be.revertedWithCustomError(panel, "DisputePanelCommitmentEmpty");
    await expect(ballot(w, voter).commit(commitment))
      .to.emit(panel, "VoteCommitted")
      .withArgs(taskId, 0, voter, commitment);
    await expect(ballot(w, voter).commit(id("another")))
      .to.be.revertedWithCustomError(panel, "DisputePanelVoteMade")
      .withArgs(taskId, 0, voter);
  });

  it("are sealed until the vote deadline, and opened from then to the reveal deadline, by anyone", async () => {
    const w = await load();
    const { panel, taskId, voters, rules } = w;
    const [first, second] = voters as [Signer, Signer];
    const { voteDeadline, revealDeadline } = await panel.disputeOf(taskId, 0);
    const outside = async (sent: Promise<unknown>) =>
      await expect(sent)
        .to.be.revertedWithCustomError(panel, "DisputePanelOutsideVoting")
        .withArgs(taskId, 0, voteDeadline, revealDeadline);
    await sealVotes(w, taskId, [true]);
    await time.setNextBlockTimestamp(voteDeadline);
    await ballot(w, second).commit(await voteCommitment(w, taskId, second.address, true));
    await outside(ballot(w, rules.stranger).reveal(first.address, true));
    await time.setNextBlockTimestamp(voteDeadline + 1n);
    await expect(ballot(w, rules.stranger).reveal(first.address, true))
      .to.emit(panel, "VoteRevealed")
      .withArgs(taskId, 0, first, true, 1);
    await outside(ballot(w, voters[2]).commit(id("too late")));
    await time.setNextBlockTimestamp(revealDeadline + 1n);
    await outside(ballot(w, rules.stranger).reveal(second.address, true));
  });

  it("are opened to the last second of the reveal window", async () => {
    const w = await load();
    const [voter] = w.voters as [Signer];
    await sealVotes(w, w.taskId, [true]);
    const { revealDeadline } = await w.panel.disputeOf(w.taskId, 0);
    await time.setNextBlockTimestamp(revealDeadline);
    await ballot(w, voter).reveal(voter.address, true);
    expect((await w.panel.disputeOf(w.taskId, 0)).votes).to.equal(1n);
  });

  it("are opened as they were sealed, once", async () => {
    const w = await load();
    const { panel, taskId, voters, rules } = w;
    const [first, second] = voters as [Signer, Signer];
    await sealVotes(w, taskId, [true]);
    await toVoteReveal(w, taskId);
    const { reveal } = ballot(w, rules.stranger);
    for (const [uphold, salt] of [
      [false, SALT],
      [true, id("another salt")],
    ] as const) {
      await expect(reveal(first.address, uphold, salt))
        .to.be.revertedWithCustomError(panel, "DisputePanelOpeningMismatch")
        .withArgs(taskId, 0, first);
    }
    await expect(reveal(rules.stranger.address, true)).to.be.revertedWithCustomError(panel, "DisputePanelNoSeat");
    await expect(reveal(second.address, true))
      .to.be.revertedWithCustomError(panel, "DisputePanelNotSealed")
      .withArgs(taskId, 0, second);
    await reveal(first.address, true);
    await expect(reveal(first.address, true)).to.be.revertedWithCustomError(panel, "DisputePanelNotSealed");
  });

  it("copied from another voter open for nobody else", async () => {
    const w = await load();
    const [first, second] = w.voters as [Signer, Signer];
    await sealVotes(w, w.taskId, [true]);
    const { commitment } = (await w.panel.seatsOf(w.taskId, 0))[0] ?? { commitment: ZeroHash };
    await ballot(w, second).commit(commitment);
    await toVoteReveal(w, w.taskId);
    await ballot(w, first).reveal(first.address, true);
    await expect(ballot(w, second).reveal(second.address, true)).to.be.revertedWithCustomError(
      w.panel,
      "DisputePanelOpeningMismatch",
    );
  });

  it("stay the key's that was drawn, though its agent rotates, leaves, or is delisted", async () => {
    const w = await load();
    const { rules, panel, taskId, voters } = w;
    const [voter] = voters as [Signer];
    const member = memberOf(w, voter.address);
    await panel.connect(voter).leavePanel();
    await rotateKey(rules, member.agentId, member.owner);
    const permissions = rules.contracts.Permissions.interface;
    const delist = permissions.encodeFunctionData("setMemberActive", [member.owner.address, false]);
    await govern(rules, rules.at.Permissions, delist);
    await decide(w, taskId, [true]);
    expect((await panel.disputeOf(taskId, 0)).votes).to.equal(1n);
  });

  it("decide by their weight, which the terms of the task bound", async () => {
    for (const [heavyFor, expected] of [
      // One of weight 2 against two of weight 1 is a tie: nobody alone outvotes all others, and the verdict stands.
      [[true, false, false], RULING.dismissed],
      [[true, true, false], RULING.upheld],
      [[false, true, true], RULING.dismissed],
      [[false, true, true, true], RULING.upheld],
    ] as const) {
      const w = await networkHelpers.loadFixture(weighted);
      const heavy = w.seats.findIndex(({ weight }) => weight === 2n);
      expect(w.seats.map(({ weight }) => weight).sort()).to.deep.equal([1n, 1n, 1n, 1n, 2n]);
      const [first, ...others] = heavyFor;
      const votes = w.seats.map((_, i) => (i === heavy ? first : others.shift()));
      await decide(w, w.taskId, votes);
      expect((await w.panel.rulingOf(w.taskId, 0)).ruling, heavyFor.join()).to.equal(expected);
    }
  });

  it("decide only from the quorum on", async () => {
    for (const [votes, expected] of [
      [[true, true], RULING.silent],
      [[true, true, true], RULING.upheld],
    ] as const) {
      const w = await load();
      await decide(w, w.taskId, votes);
      expect((await w.panel.rulingOf(w.taskId, 0)).ruling).to.equal(expected);
    }
  });
});

describe("DisputePanel: bonds", () => {
  /** The panel votes, a stranger concludes; what everybody got. */
  async function concluded(votes: readonly (boolean | undefined)[]) {
    const w = await load();
    const { panel, credits, taskId, voters, rules } = w;
    await expect(panel.concludeDispute(taskId, 0)).to.be.revertedWithCustomError(panel, "DisputePanelUndecided");
    await decide(w, taskId, votes);
    const supply = await credits.totalSupply();
    const sent = panel.connect(rules.stranger).concludeDispute(taskId, 0);
    await expect(sent).to.emit(panel, "DisputeConcluded");
    await expect(panel.concludeDispute(taskId, 0))
      .to.be.revertedWithCustomError(panel, "DisputePanelConcluded")
      .withArgs(taskId, 0);
    const earned = await Promise.all(voters.map((voter) => panel.creditOf(voter.address)));
    const returned = await panel.creditOf(rules.requester);
    const burned = supply - (await credits.totalSupply());
    const held = await credits.balanceOf(panel);
    const owed = earned.reduce((sum, amount) => sum + amount, returned);
    expect(held, "holds what it owes").to.equal(owed);
    expect(owed + burned).to.equal(BOND);
    await expect(sent)
      .to.emit(panel, "DisputeConcluded")
      .withArgs(taskId, 0, (await panel.rulingOf(taskId, 0)).ruling, returned, owed - returned, burned);
    return { w, earned, returned, burned };
  }

  it("come back but for the fees when the objection is upheld; every vote earns the same", async () => {
    const { earned, returned, burned } = await concluded([true, true, true, false, undefined]);
    expect(earned).to.deep.equal([PANEL_FEE, PANEL_FEE, PANEL_FEE, PANEL_FEE, 0n]);
    expect([returned, burned]).to.deep.equal([BOND - 5n * PANEL_FEE, PANEL_FEE]);
  });

  it("are burned but for the fees when it is dismissed: nobody gains from a loser", async () => {
    const { earned, returned, burned } = await concluded([false, false, false, true, undefined]);
    expect(earned).to.deep.equal([PANEL_FEE, PANEL_FEE, PANEL_FEE, PANEL_FEE, 0n]);
    expect([returned, burned]).to.deep.equal([0n, BOND - 4n * PANEL_FEE]);
  });

  it("come back but for the fees when the panel is silent", async () => {
    const { earned, returned, burned } = await concluded([true]);
    expect(earned).to.deep.equal([PANEL_FEE, 0n, 0n, 0n, 0n]);
    expect([returned, burned]).to.deep.equal([BOND - 5n * PANEL_FEE, 4n * PANEL_FEE]);
  });

  it("pay nothing for a vote that was sealed and not opened", async () => {
    const w = await load();
    await sealVotes(w, w.taskId, [true]);
    await toRuling(w, w.taskId);
    await w.panel.concludeDispute(w.taskId, 0);
    expect(await w.panel.creditOf(w.voters[0]?.address ?? "")).to.equal(0n);
  });

  it("reach their owners alone, whoever calls", async () => {
    const { w, earned } = await concluded([true, true, true]);
    const { panel, credits, rules, voters } = w;
    const [voter] = voters as [Signer];
    const before = await credits.balanceOf(voter);
    await expect(panel.connect(rules.stranger).withdrawFor(voter.address))
      .to.emit(panel, "Withdrawn")
      .withArgs(voter, earned[0]);
    expect(await credits.balanceOf(voter)).to.equal(before + PANEL_FEE);
    expect(await panel.withdrawFor.staticCall(voter.address)).to.equal(0n);
    await expect(panel.withdrawFor(voter.address)).not.to.emit(panel, "Withdrawn");
  });

  it("are needed: an objection without allowance or credits changes nothing", async () => {
    const w = await panelWorld(connection);
    const { rules, panel, credits } = w;
    const taskId = await deliveredTask(w);
    await w.byEvaluator.giveVerdict(taskId, 0, true, ZeroHash);
    await credits.connect(rules.requester).approve(panel, BOND - 1n);
    const object = panel.connect(rules.requester).objectToVerdict(taskId, 0, ZeroHash);
    await expect(object).to.be.revertedWithCustomError(credits, "ERC20InsufficientAllowance");
    expect((await panel.disputeOf(taskId, 0)).objector).to.equal("0x0000000000000000000000000000000000000000");
  });

  it("are asked about only where there is a dispute", async () => {
    const { panel, rules } = await load();
    const key = await newKey(rules);
    for (const call of [
      () => panel.concludeDispute(9, 0),
      () => panel.connect(key as never).commitVote(9, 0, SALT),
      () => panel.revealVote(9, 0, key.address, true, SALT),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(panel, "DisputePanelNoDispute").withArgs(9, 0);
    }
    expect(await panel.rulingOf(9, 0)).to.deep.equal([RULING.none, 0n]);
  });
});
