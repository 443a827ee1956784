// Every task reaches its end by a second that its terms give, through calls that a single stranger can make, whatever
// the parties do or leave undone.
import { expect } from "chai";
import { type Result, ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, commitBid, commitmentOf, openingOf, revealBid, signBid, toReveal } from "../actors.ts";
import { DISPUTE_WINDOW, objectTo, type PanelWorld, panelWorld, sealVotes } from "../disputes.ts";
import { CREDIT, govern, PARAMETERS } from "../fixture.ts";
import { deliver, FEE, postTask, RESERVE, TASK, type TaskOptions, UNIT } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const { time } = networkHelpers;

const world = async () => await panelWorld(connection);
const load = () => networkHelpers.loadFixture(world);

/** Price that the n-th agent asks. */
const priceOf = (index: number) => BigInt(10 + index) * CREDIT;

/**
 * Last second at which anything of a task can still be open, from its terms and its parameters alone, when somebody
 * calls as soon as a call is possible (a block later each time).
 */
function lastSecond(revealDeadline: bigint, task: Awaited<ReturnType<PanelWorld["market"]["taskOf"]>>): bigint {
  const { deliveryWindow, verdictWindow, disputeWindow, acceptanceWindow, panel } = task;
  const callSeconds = 2n * (3n + 2n * task.maxReassignments);
  const turns = task.maxReassignments * task.candidatesMax * acceptanceWindow;
  const deliveries = (task.maxReassignments + 1n) * deliveryWindow;
  const judging = verdictWindow + disputeWindow + panel.voteWindow + panel.voteRevealWindow;
  return revealDeadline + deliveries + turns + judging + callSeconds * task.units;
}

/** Seconds of block time between two looks of the stranger. */
const lookSeconds = 25n;

/** Calls what can be called, again and again, until the task is closed; gives the second of the last call. */
async function endByStranger(w: PanelWorld, taskId: bigint, until: bigint): Promise<bigint> {
  const market = w.market.connect(w.rules.stranger);
  for (;;) {
    const { status, units } = await market.taskOf(taskId);
    const now = BigInt(await time.latest());
    if (status === TASK.closed) return now;
    if (now > until) return now;
    if (status === TASK.open) await market.settle(taskId).catch(() => undefined);
    for (let unit = 0n; status === TASK.settled && unit < units; unit++) {
      await market.conclude(taskId, unit).catch(() => undefined);
    }
    await time.increase(lookSeconds);
  }
}

/** What the task was posted under, as the contracts have it now. */
async function termsNow({ market, tender }: PanelWorld, taskId: bigint, tenderId: string) {
  const fieldsOf = (struct: unknown): Record<string, unknown> => (struct as Result).toObject(true);
  const { status: _, openUnits: __, settledAt: ___, ...task } = fieldsOf(await market.taskOf(taskId));
  const tenderTerms = fieldsOf(await tender.termsOf(tenderId));
  return { task, tenderTerms, marketTerms: fieldsOf(await tender.marketTermsOf(tenderId)) };
}

interface Scenario {
  readonly what: string;
  readonly options?: Partial<TaskOptions>;
  /** What parties do before nobody does anything any more. */
  readonly act?: (w: PanelWorld, taskId: bigint, tenderId: string) => Promise<void>;
  /** What becomes of each unit. */
  readonly ends: readonly bigint[];
  /** What the requester gets back of reserve × units. */
  readonly refunded: bigint;
}

const commitAll = async (w: PanelWorld, tenderId: string, count: number): Promise<void> => {
  for (const [index, agent] of w.agents.slice(0, count).entries()) {
    await commitBid(w.rules, tenderId, agent, priceOf(index));
  }
};

async function bidAll(w: PanelWorld, tenderId: string, count: number): Promise<void> {
  await commitAll(w, tenderId, count);
  await toReveal(w.rules, tenderId);
  for (const [index, agent] of w.agents.slice(0, count).entries()) {
    await revealBid(w.rules, tenderId, agent, priceOf(index));
  }
}

/** Everything by the stranger: it relays the signed bids, and opens them when it was given the openings. */
async function relayAll(w: PanelWorld, tenderId: string, count: number): Promise<void> {
  const tender = w.tender.connect(w.rules.stranger);
  const agents = w.agents.slice(0, count);
  for (const [index, { agentId, key }] of agents.entries()) {
    const commitment = commitmentOf(tenderId, key.address, openingOf(priceOf(index)));
    const signature = await signBid(w.rules, tenderId, agentId, key, commitment);
    await tender.commitBidFor({ tenderId, agentId, slot: 0, commitment }, signature);
  }
  await toReveal(w.rules, tenderId);
  for (const [index, { key }] of agents.entries()) {
    const { amount, salt } = openingOf(priceOf(index));
    await tender.revealBidFor(tenderId, key.address, amount, salt);
  }
}

async function settle(w: PanelWorld, taskId: bigint, tenderId: string): Promise<void> {
  const { revealDeadline } = await w.tender.termsOf(tenderId);
  await time.increaseTo(revealDeadline + 1n);
  await w.market.connect(w.rules.stranger).settle(taskId);
}

const disputable = { disputeWindow: DISPUTE_WINDOW };
const uniform = { mechanism: "UniformPrice", units: 3n };

const SCENARIOS: readonly Scenario[] = [
  { what: "nobody bids", ends: [UNIT.none], refunded: RESERVE },
  {
    what: "nobody reveals",
    act: (w, _, tenderId) => commitAll(w, tenderId, 3),
    ends: [UNIT.none],
    refunded: RESERVE,
  },
  {
    what: "nobody delivers, and no loser takes over",
    options: { maxReassignments: 2n },
    act: (w, _, tenderId) => bidAll(w, tenderId, 4),
    ends: [UNIT.refunded],
    refunded: RESERVE,
  },
  {
    what: "nobody delivers, nor whoever takes over",
    options: { maxReassignments: 2n },
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 3);
      await settle(w, taskId, tenderId);
      for (const agent of w.agents.slice(1, 3)) {
        const { deliveryDeadline } = await w.market.assignmentOf(taskId, 0);
        await time.increaseTo(deliveryDeadline + 1n);
        await w.market.connect(w.rules.stranger).conclude(taskId, 0);
        await w.market.connect(agent.key as never).acceptReassignment(taskId, 0);
      }
    },
    ends: [UNIT.refunded],
    refunded: RESERVE,
  },
  {
    what: "the evaluator is silent",
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 2);
      await settle(w, taskId, tenderId);
      await deliver(w.rules, taskId, 0, w.first);
    },
    ends: [UNIT.paid],
    refunded: RESERVE - priceOf(0),
  },
  {
    what: "the evaluator is silent, the requester objects, and the panel is silent",
    options: disputable,
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 2);
      await settle(w, taskId, tenderId);
      await deliver(w.rules, taskId, 0, w.first);
      const { deliveryDeadline } = await w.market.assignmentOf(taskId, 0);
      const { verdictWindow } = await w.market.taskOf(taskId);
      await time.increaseTo(deliveryDeadline + verdictWindow + DISPUTE_WINDOW - 5n);
      await objectTo(w, taskId, w.rules.requester);
      // Sealed, and never opened.
      await sealVotes(w, taskId, [true, true, true]);
    },
    ends: [UNIT.refunded],
    refunded: RESERVE,
  },
  {
    what: "the delivery is rejected in the last second, the agent objects in the last second, and the panel is silent",
    options: disputable,
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 2);
      await settle(w, taskId, tenderId);
      await deliver(w.rules, taskId, 0, w.first);
      const { deliveryDeadline } = await w.market.assignmentOf(taskId, 0);
      const { verdictWindow } = await w.market.taskOf(taskId);
      await time.setNextBlockTimestamp(deliveryDeadline + verdictWindow);
      await w.byEvaluator.giveVerdict(taskId, 0, false, ZeroHash);
      await time.increase(DISPUTE_WINDOW - 3n);
      await objectTo(w, taskId, w.first.key);
    },
    ends: [UNIT.refunded],
    refunded: RESERVE,
  },
  {
    what: "of three units one is delivered, one is not, and one nobody won",
    options: uniform,
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 2);
      await settle(w, taskId, tenderId);
      await deliver(w.rules, taskId, 0, w.first);
    },
    ends: [UNIT.paid, UNIT.refunded, UNIT.none],
    // Fewer bids than units: the uniform price is the reserve.
    refunded: 2n * RESERVE,
  },
  {
    what: "bids and reveals come through a relay alone",
    act: (w, _, tenderId) => relayAll(w, tenderId, 3),
    ends: [UNIT.refunded],
    refunded: RESERVE,
  },
  {
    what: "every party is delisted after the award",
    options: { ...disputable, maxReassignments: 1n },
    act: async (w, taskId, tenderId) => {
      await bidAll(w, tenderId, 3);
      await settle(w, taskId, tenderId);
      const { Permissions } = w.rules.contracts;
      for (let organisation = 2; organisation <= 8; organisation++) {
        const data = Permissions.interface.encodeFunctionData("setOrganisationActive", [organisation, false]);
        await govern(w.rules, w.rules.at.Permissions, data);
      }
      await deliver(w.rules, taskId, 0, w.first);
    },
    ends: [UNIT.paid],
    refunded: RESERVE - priceOf(0),
  },
];

describe("TaskMarket: a single stranger ends a task by the second that its terms give", () => {
  for (const { what, options = {}, act, ends, refunded } of SCENARIOS) {
    it(`when ${what}`, async () => {
      const w = await load();
      const { rules, market, tender } = w;
      const mechanism = options.mechanism === undefined ? {} : { mechanism: rules.at.UniformPrice as string };
      const { taskId, tenderId } = await postTask(rules, { ...options, ...mechanism });
      const { revealDeadline } = await tender.termsOf(tenderId);
      const until = lastSecond(revealDeadline, await market.taskOf(taskId));
      const posted = await termsNow(w, taskId, tenderId);
      await act?.(w, taskId, tenderId);
      // Each look comes late by some seconds, once per step that time alone decides.
      const endedAt = await endByStranger(w, taskId, until + 10n * lookSeconds);
      expect((await market.taskOf(taskId)).status, "the task's status").to.equal(TASK.closed);
      expect(endedAt).to.be.at.most(until + 10n * lookSeconds);
      expect(await termsNow(w, taskId, tenderId), "the task's terms").to.deep.equal(posted);
      const states = await Promise.all(ends.map(async (_, unit) => (await market.assignmentOf(taskId, unit)).status));
      expect(states).to.deep.equal(ends);
      expect(await market.creditOf(rules.requester)).to.equal(refunded);
      // The money too: a stranger sends everybody theirs, and nothing is left.
      const paidOut = [rules.requester.address, ...w.agents.map(({ key }: Agent) => key.address)];
      for (const account of paidOut) await market.connect(rules.stranger).withdrawFor(account);
      expect(await w.credits.balanceOf(market)).to.equal(0n);
      expect(await w.credits.balanceOf(w.escrow)).to.equal(0n);
    });
  }
});

describe("TaskMarket: money depends on nobody", () => {
  /** Every account that a task names, and every module that is no part of its money, made hostile. */
  for (const [what, code] of [
    ["reverts", "0x5f5ffd"],
    ["loops for ever", "0x5b5f56"],
  ] as const) {
    it(`but the parts that hold it, when everything else ${what}`, async () => {
      const w = await load();
      const { rules, market, credits, first } = w;
      const { taskId, tenderId } = await postTask(rules, { ...disputable, maxReassignments: 1n });
      await bidAll(w, tenderId, 2);
      const hostile = [
        rules.at.ReputationRegistry,
        rules.at.OutcomeRecorder,
        rules.at.ValidationRegistry,
        rules.at.AttesterRegistry,
        rules.at.CapabilityResolver,
        rules.at.EAS,
        rules.evaluator.address,
        rules.requester.address,
        first.owner.address,
      ];
      for (const address of hostile) await networkHelpers.setCode(address, code);
      await settle(w, taskId, tenderId);
      await deliver(rules, taskId, 0, first);
      await networkHelpers.setCode(first.key.address, code);
      const { deliveryDeadline } = await market.assignmentOf(taskId, 0);
      const { verdictWindow } = await market.taskOf(taskId);
      await time.increaseTo(deliveryDeadline + verdictWindow + DISPUTE_WINDOW + 1n);
      const stranger = market.connect(rules.stranger);
      await expect(stranger.conclude(taskId, 0)).to.emit(market, "UnitPaid");
      const before = await credits.balanceOf(rules.requester);
      await stranger.withdrawFor(first.key.address);
      await stranger.withdrawFor(rules.requester.address);
      expect(await credits.balanceOf(first.key.address)).to.equal(priceOf(0));
      expect((await credits.balanceOf(rules.requester)) - before).to.equal(RESERVE - priceOf(0));
    });
  }

  it("and the posting fee is on top of the escrow, burned, and never comes back", async () => {
    const w = await load();
    const supply = await w.credits.totalSupply();
    const before = await w.credits.balanceOf(w.rules.requester);
    const { taskId } = await postTask(w.rules);
    expect(supply - (await w.credits.totalSupply())).to.equal(FEE);
    expect(PARAMETERS.market.postingFee).to.equal(FEE);
    await w.market.connect(w.rules.requester).cancel(taskId);
    await w.market.withdrawFor(w.rules.requester);
    expect(before - (await w.credits.balanceOf(w.rules.requester))).to.equal(FEE);
  });
});
