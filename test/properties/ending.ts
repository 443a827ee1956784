// How every run ends. One stranger brings every task to its end, in whatever order; the operators delist everybody;
// and still everybody gets all that is owed, until the contracts hold nothing but what they were given.

import { playBlock } from "./block.ts";
import { compareAll, PropertyBroken } from "./comparison.ts";
import { close, isOpen } from "./model/accusations.ts";
import { unbondStake, withdrawAttesterReward, withdrawStake } from "./model/attesters.ts";
import { offerOf } from "./model/awards.ts";
import { concludeDispute, withdrawFromPanel } from "./model/disputes.ts";
import { burnUnclaimedReward, withdrawReward } from "./model/faults.ts";
import { claimRefund, withdrawFromEscrow } from "./model/jobs.ts";
import type { Model, TaskModel } from "./model/model.ts";
import { requestUnbonding, withdrawUnbonded } from "./model/stakes.ts";
import { conclude, lastOf, settle, withdrawFromMarket } from "./model/tasks.ts";
import { faultIdOf } from "./moves/accusing.ts";
import type { Tally } from "./tally.ts";
import type { World } from "./world.ts";

type Order = <T>(list: readonly T[]) => readonly T[];

async function at(w: World, second: number, tally: Tally, make: () => void): Promise<void> {
  w.model.now = Math.max(w.model.now, second);
  w.model.block += 1;
  make();
  await playBlock(w, tally);
}

/**
 * Property 4: settle, conclude, and conclude what was offered to others in the meantime; three moments, no more.
 * @returns To whom which unit was offered in between, and at which price.
 */
export async function endTasks(w: World, tally: Tally, by: string, order: Order): Promise<string> {
  const m = w.model;
  const open = m.tasks.filter(({ status }) => status === "open");
  await at(w, 1 + Math.max(m.now, ...open.map(({ revealDeadline }) => revealDeadline)), tally, () => {
    for (const task of order(open)) {
      w.act("settle at the end", by, "TaskMarket", "settle", [task.id], must(settle(m, task), "settled"));
    }
  });
  let offers = "";
  for (const status of ["assigned", "offered"] as const) {
    const places = m.tasks.flatMap((task) =>
      task.assigned.map((unit, index) => ({ task, unit, index })).filter(({ unit }) => unit.status === status),
    );
    const ends = places.map(({ task, unit }) =>
      status === "assigned" ? lastOf(task, unit) : unit.decidedAt + m.figures.candidatesMax * task.acceptanceWindow,
    );
    await at(w, 1 + Math.max(m.now, ...ends), tally, () => {
      for (const { task, unit, index } of order(places)) {
        const done = must(conclude(m, task, unit), "concluded");
        w.act("conclude at the end", by, "TaskMarket", "conclude", [task.id, index], done);
      }
    });
    if (status === "offered") continue;
    await compareAll(w);
    offers = offersOf(m);
  }
  const unended = m.tasks.find(({ status }) => status === "open" || status === "settled");
  if (unended !== undefined) throw new PropertyBroken(`property 4: task ${unended.id} did not end`);
  return offers;
}

function offersOf(m: Model): string {
  const offers = m.tasks.flatMap((task) =>
    task.assigned.map((unit, index) => {
      const offer = offerOf(m, task, unit);
      return `${task.id} ${index}: ${offer?.winner} ${offer?.price}`;
    }),
  );
  return offers.join("\n");
}

/** Property 5: delisted, everybody still gets everything. */
export async function exitAll(w: World, tally: Tally): Promise<void> {
  const m = w.model;
  for (const { address } of w.people.slice(0, -1)) {
    await w.govern("Operators", "Permissions", "setMemberActive", [address, false]);
    m.delistedMembers.add(address);
  }
  const by = w.stranger.address;
  const ends = m.accusations.filter(isOpen).map(({ deadline }) => deadline + 1);
  await at(w, Math.max(m.now, ...ends, ...m.jobs.map(({ expiredAt }) => expiredAt)), tally, () => {
    releaseAttesters(w);
    for (const agent of m.agents) {
      if (agent.bonded === 0) continue;
      const all = agent.bonded;
      const owner = agent.owner.address;
      const done = must(requestUnbonding(m, owner, agent, all), "unbonded");
      w.act("exit", owner, "AgentLedger", "requestUnbonding", [agent.id, all], done);
    }
    for (const job of m.jobs.filter(({ status }) => status === "funded" || status === "submitted")) {
      const done = must(claimRefund(m, job), "refunded");
      w.act("claim refund", by, "JobEscrow", "claimRefund", [job.id], done);
    }
    for (const task of m.tasks) endDisputes(w, task);
  });
  const books = [m.rewards, m.attesterRewards].flatMap((rewards) => [...rewards.values()]);
  const leaving = [...m.agents, ...m.attesters.values()].map((one) => one.leaving);
  const ready = [...leaving, ...books].map(({ readyAt }) => readyAt);
  const claims = [...m.faults.values()].map(({ claimUntil }) => claimUntil + 1);
  await at(w, Math.max(m.now, ...ready, ...claims), tally, () => payEverybody(w));
  await compareAll(w);
  for (const contract of Object.values(m.at)) {
    if (m.wallets.get(contract) === m.gifts.get(contract)) continue;
    throw new PropertyBroken(`property 1: ${contract} holds more or less than what it was given when nothing is owed`);
  }
}

/** Accusations end by a stranger's calls, and the stake that they held leaves at its owner's. */
function releaseAttesters(w: World): void {
  const m = w.model;
  for (const accusation of m.accusations.filter(isOpen)) {
    const done = must(close(m, accusation), "closed");
    w.act("close at the end", w.stranger.address, "FalseCapability", "close", [accusation.id], done);
  }
  for (const [account, { bonded }] of m.attesters) {
    if (bonded === 0) continue;
    const done = must(unbondStake(m, account, account, bonded), "unbonded");
    w.act("exit", account, "AttesterRegistry", "requestUnbonding", [account, bonded], done);
  }
}

function endDisputes(w: World, task: TaskModel): void {
  task.assigned.forEach((unit, index) => {
    if (unit.dispute === undefined || unit.dispute.concluded) return;
    const done = must(concludeDispute(w.model, unit), "concluded");
    w.act("end dispute", w.stranger.address, "DisputePanel", "concludeDispute", [task.id, index], done);
  });
}

function payEverybody(w: World): void {
  const m = w.model;
  const by = w.stranger.address;
  for (const agent of m.agents.filter(({ leaving }) => leaving.amount > 0)) {
    const done = must(withdrawUnbonded(m, agent), "paid");
    w.act("exit", by, "AgentLedger", "withdrawUnbonded", [agent.id], done);
  }
  for (const [account, { leaving }] of m.attesters) {
    if (leaving.amount === 0) continue;
    const done = must(withdrawStake(m, account), "paid");
    w.act("exit", by, "AttesterRegistry", "withdrawUnbonded", [account], done);
  }
  for (const [reporter, { amount }] of m.attesterRewards) {
    if (amount === 0) continue;
    const done = must(withdrawAttesterReward(m, reporter), "paid");
    w.act("withdraw reward", by, "AttesterRegistry", "withdrawReward", [reporter], done);
  }
  for (const [reporter, { amount }] of m.rewards) {
    if (amount === 0) continue;
    w.act(
      "withdraw reward",
      by,
      "AgentLedger",
      "withdrawReward",
      [reporter],
      must(withdrawReward(m, reporter), "paid"),
    );
  }
  for (const [name, fault] of m.faults) {
    if (fault.held === 0) continue;
    const done = must(burnUnclaimedReward(m, fault), "burned");
    w.act("burn reward", by, "AgentLedger", "burnUnclaimedReward", [faultIdOf(m, name)], done);
  }
  for (const account of accountsOwed(m)) {
    w.act("withdraw", by, "TaskMarket", "withdrawFor", [account], withdrawFromMarket(m, account));
    w.act("withdraw", by, "JobEscrow", "withdrawFor", [account], withdrawFromEscrow(m, account));
    w.act("withdraw", by, "DisputePanel", "withdrawFor", [account], withdrawFromPanel(m, account));
  }
}

const accountsOwed = (m: Model): ReadonlySet<string> =>
  new Set([m.marketCredits, m.escrowCredits, m.panelCredits].flatMap((book) => book.accounts()));

/** The model itself must permit what a property promises. */
function must(permitted: boolean, what: string): true {
  if (!permitted) throw new PropertyBroken(`by the rules as modelled something could not be ${what}`);
  return true;
}

/** Property 3: what came out of every task and agent, whoever ended it and in whatever order. */
export function outcomeOf(m: Model): string {
  const tasks = m.tasks.map(({ id, status, paid, refunded, assigned }) => {
    const units = assigned.map(({ status: unit, price }) => `${unit} ${price}`);
    return `${id}: ${status}, ${paid}, ${refunded}, ${units.join(", ")}`;
  });
  const agents = m.agents.map(({ id, bonded, leaving, running }) => `${id}: ${bonded}, ${leaving.amount}, ${running}`);
  const owed = [...accountsOwed(m)].sort().map((account) => {
    const amounts = [m.marketCredits, m.escrowCredits, m.panelCredits].map((book) => book.get(account));
    return `${account}: ${amounts.join(", ")}`;
  });
  return [...tasks, ...agents, ...owed].join("\n");
}
