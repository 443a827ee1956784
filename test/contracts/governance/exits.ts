// What stays possible whatever the operators decide: everything that ends, pays, proves or gets out what has begun. Each
// act is prepared while all is well, and done after the world has changed.
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { chargeOf, REPORT, REQUIREMENT } from "../accusations.ts";
import { commitBid, commitmentOf, openingOf, openTender, revealBid, rotateKey, signBid, toReveal } from "../actors.ts";
import { type AttestationWorld, attest, makeAttester } from "../attestations.ts";
import {
  allowBond,
  BOND,
  decide,
  deliveredTask,
  memberOf,
  objectTo,
  type PanelWorld,
  SALT,
  sealVotes,
  toRuling,
  toVoteReveal,
  voteCommitment,
} from "../disputes.ts";
import { CREDIT, PARAMETERS } from "../fixture.ts";
import { bid, DELIVERABLE, deliver, pastDelivery, postTask, settledTask, UNIT } from "../tasks.ts";

const AMOUNT = 40n * CREDIT;

export interface Exit {
  readonly name: string;
  /** A panel is drawn, which takes members that are listed. */
  readonly drawsPanel?: true;
  /** Brings the world to where the act is due; returns the act, which fails unless it has its effect. */
  prepare(w: PanelWorld): Promise<() => Promise<unknown>>;
}

const time = (w: PanelWorld) => w.rules.connection.networkHelpers.time;

const bids: readonly Exit[] = [
  {
    name: "a bidder reveals",
    async prepare(w) {
      const { tenderId } = await postTask(w.rules);
      await commitBid(w.rules, tenderId, w.first, AMOUNT);
      await toReveal(w.rules, tenderId);
      return async () => {
        await revealBid(w.rules, tenderId, w.first, AMOUNT);
        expect((await w.ledger.agentOf(w.first.agentId)).locked).to.equal(0n);
      };
    },
  },
  {
    name: "a stranger reveals for a bidder",
    async prepare(w) {
      const { tenderId } = await postTask(w.rules);
      await commitBid(w.rules, tenderId, w.first, AMOUNT);
      await toReveal(w.rules, tenderId);
      const { amount, salt } = openingOf(AMOUNT);
      const asStranger = w.tender.connect(w.rules.stranger);
      return () =>
        expect(asStranger.revealBidFor(tenderId, w.first.key.address, amount, salt)).to.emit(w.tender, "BidRevealed");
    },
  },
  {
    name: "anyone settles",
    async prepare(w) {
      const { taskId, tenderId } = await postTask(w.rules);
      await bid(w.rules, tenderId, [[w.first, AMOUNT]]);
      return () => expect(w.market.connect(w.rules.stranger).settle(taskId)).to.emit(w.market, "UnitAssigned");
    },
  },
  {
    name: "a requester cancels what nobody bid on, and is credited",
    async prepare(w) {
      const { taskId } = await postTask(w.rules);
      return async () => {
        await w.market.connect(w.rules.requester).cancel(taskId);
        expect(await w.market.creditOf(w.rules.requester)).to.equal(100n * CREDIT);
      };
    },
  },
];

const deliveries: readonly Exit[] = [
  {
    name: "a provider submits",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      const { jobId } = await w.market.assignmentOf(taskId, 0);
      const asProvider = w.escrow.connect(w.first.key as never);
      return () => expect(asProvider.submit(jobId, DELIVERABLE, "0x")).to.emit(w.escrow, "JobSubmitted");
    },
  },
  {
    name: "an evaluator accepts, and the provider is paid and withdraws",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      await deliver(w.rules, taskId, 0, w.first);
      return async () => {
        await w.byEvaluator.giveVerdict(taskId, 0, true, id("fine"));
        const before = await w.credits.balanceOf(w.first.key.address);
        await w.market.connect(w.rules.stranger).withdrawFor(w.first.key.address);
        expect((await w.credits.balanceOf(w.first.key.address)) - before).to.equal(AMOUNT);
      };
    },
  },
  {
    name: "an evaluator rejects, and the requester is refunded and withdraws",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      await deliver(w.rules, taskId, 0, w.first);
      await pastDelivery(w.rules, taskId);
      return async () => {
        await w.byEvaluator.giveVerdict(taskId, 0, false, id("poor"));
        const before = await w.credits.balanceOf(w.rules.requester);
        await w.market.withdrawFor(w.rules.requester);
        expect((await w.credits.balanceOf(w.rules.requester)) - before).to.equal(100n * CREDIT);
      };
    },
  },
  {
    name: "anyone concludes what an evaluator left unjudged",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      await deliver(w.rules, taskId, 0, w.first);
      await pastDelivery(w.rules, taskId);
      await time(w).increase(501);
      return () => expect(w.market.connect(w.rules.stranger).conclude(taskId, 0)).to.emit(w.market, "UnitPaid");
    },
  },
  {
    name: "anyone concludes a no-show, which is punished and refunded",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      await pastDelivery(w.rules, taskId);
      return async () => {
        await w.market.connect(w.rules.stranger).conclude(taskId, 0);
        expect((await w.market.assignmentOf(taskId, 0)).status).to.equal(UNIT.refunded);
        expect((await w.ledger.agentOf(w.first.agentId)).bonded).to.equal(940n * CREDIT);
      };
    },
  },
  {
    name: "anyone claims the refund of an expired job",
    async prepare(w) {
      const { taskId } = await settledTask(w.rules, [[w.first, AMOUNT]]);
      const { jobId } = await w.market.assignmentOf(taskId, 0);
      await time(w).increaseTo((await w.escrow.getJob(jobId)).expiredAt + 1n);
      return () => expect(w.escrow.connect(w.rules.stranger).claimRefund(jobId)).to.emit(w.escrow, "Refunded");
    },
  },
];

const disputes: readonly Exit[] = [
  {
    name: "a loser objects",
    drawsPanel: true,
    async prepare(w) {
      const taskId = await deliveredTask(w);
      await w.byEvaluator.giveVerdict(taskId, 0, true, id("fine"));
      await allowBond(w, w.rules.requester);
      const asRequester = w.panel.connect(w.rules.requester);
      return () => expect(asRequester.objectToVerdict(taskId, 0, id("no"))).to.emit(w.panel, "ObjectionMade");
    },
  },
  {
    name: "members of a panel seal their votes",
    async prepare(w) {
      const taskId = await objected(w);
      const [seat] = await w.panel.seatsOf(taskId, 0);
      const voter = seat?.voter as string;
      const sealed = await voteCommitment(w, taskId, voter, true);
      const asMember = w.panel.connect(memberOf(w, voter).key as never);
      return () => expect(asMember.commitVote(taskId, 0, sealed)).to.emit(w.panel, "VoteCommitted");
    },
  },
  {
    name: "votes are opened",
    async prepare(w) {
      const taskId = await objected(w);
      await sealVotes(w, taskId, [true]);
      await toVoteReveal(w, taskId);
      const [seat] = await w.panel.seatsOf(taskId, 0);
      return () =>
        expect(w.panel.revealVote(taskId, 0, seat?.voter as string, true, SALT)).to.emit(w.panel, "VoteRevealed");
    },
  },
  {
    name: "a dispute is concluded, carried out, and its bond and fees withdrawn",
    async prepare(w) {
      const taskId = await objected(w);
      await decide(w, taskId, [true, true, true]);
      await toRuling(w, taskId);
      return async () => {
        await w.panel.connect(w.rules.stranger).concludeDispute(taskId, 0);
        const before = await w.credits.balanceOf(w.rules.requester);
        await w.panel.withdrawFor(w.rules.requester);
        const fees = 5n * PARAMETERS.market.panel.fee;
        expect((await w.credits.balanceOf(w.rules.requester)) - before).to.equal(BOND - fees);
        // The panel overruled the acceptance, but never before the delivery deadline.
        await pastDelivery(w.rules, taskId);
        await w.market.connect(w.rules.stranger).conclude(taskId, 0);
        expect((await w.market.assignmentOf(taskId, 0)).status).to.equal(UNIT.refunded);
      };
    },
  },
];

const stakes: readonly Exit[] = [
  {
    name: "an owner unbonds, and withdraws after the delay",
    async prepare(w) {
      const owner = w.ledger.connect(w.first.owner);
      return async () => {
        await owner.requestUnbonding(w.first.agentId, 1_000n * CREDIT);
        await time(w).increase(PARAMETERS.unbondingDelaySeconds);
        await expect(owner.withdrawUnbonded(w.first.agentId)).to.emit(w.ledger, "Unbonded");
      };
    },
  },
  {
    name: "an owner deposits, sets another key, changes its capacity, and revokes its key",
    async prepare(w) {
      const owner = w.ledger.connect(w.first.owner);
      await w.credits.connect(w.first.owner).approve(w.rules.at.AgentLedger, CREDIT);
      return async () => {
        await owner.stake(w.first.agentId, CREDIT);
        await rotateKey(w.rules, w.first.agentId, w.first.owner);
        await owner.setCapacity(w.first.agentId, 3);
        await expect(owner.revokeBidKey(w.first.key.address)).to.emit(w.ledger, "BidKeyRevoked");
      };
    },
  },
  {
    name: "evidence is committed to, shown, and its reward withdrawn",
    async prepare(w) {
      const { tenderId } = await postTask(w.rules);
      await time(w).increase(1);
      const module = w.rules.contracts.BidEquivocation.connect(w.rules.reporter);
      const [a, b] = [5n, 6n].map((one) => commitmentOf(tenderId, w.first.key.address, openingOf(one)));
      const { agentId, key } = w.first;
      const sign = (commitment: string) => signBid(w.rules, tenderId, agentId, key, commitment);
      const evidence = {
        tender: w.rules.at.SealedBidTender,
        tenderId,
        agentId,
        slot: 0n,
        commitmentA: a as string,
        signatureA: await sign(a as string),
        commitmentB: b as string,
        signatureB: await sign(b as string),
        bidderB: ZeroAddress,
      };
      return async () => {
        await module.commitEvidence(await module.evidenceCommitment(evidence, w.rules.reporter, SALT));
        await expect(module.reportCommitted(evidence, SALT)).to.emit(module, "FaultRewarded");
        await time(w).increase(PARAMETERS.unbondingDelaySeconds);
        await expect(w.ledger.withdrawReward(w.rules.reporter)).to.emit(w.ledger, "RewardWithdrawn");
      };
    },
  },
];

const accusing: readonly Exit[] = [
  {
    name: "anyone closes an accusation that nobody decided, and its accuser's lock comes back",
    async prepare(w) {
      const { EAS: eas, CapabilityResolver: resolver, FalseCapability: module, AttesterRegistry } = w.rules.contracts;
      const { operator: attester, reporter, stranger } = w.rules;
      const schema = await resolver.schemaId();
      const uid = await attest({ eas, schema, agent: w.first, first: attester } as AttestationWorld);
      const tenderId = await openTender(w.rules, { requirements: [REQUIREMENT] });
      await commitBid(w.rules, tenderId, w.first, AMOUNT);
      await toReveal(w.rules, tenderId);
      await makeAttester(w.rules, reporter, 500n * CREDIT);
      await module.connect(reporter).accuse(chargeOf(w.rules, w.first, uid, tenderId), REPORT);
      await time(w).increaseTo((await module.accusationOf(1n)).deadline + 1n);
      return async () => {
        await module.connect(stranger).close(1n);
        expect((await AttesterRegistry.bondOf(reporter)).locked).to.equal(0n);
      };
    },
  },
];

/** Every act that neither a pause nor a delisting may stop. */
export const exits: readonly Exit[] = [...bids, ...deliveries, ...disputes, ...stakes, ...accusing];

/** A task that was accepted and objected to by its requester. */
async function objected(w: PanelWorld): Promise<bigint> {
  const taskId = await deliveredTask(w);
  await w.byEvaluator.giveVerdict(taskId, 0, true, id("fine"));
  await objectTo(w, taskId, w.rules.requester);
  return taskId;
}
