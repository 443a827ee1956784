// Accusations of false capabilities. Whoever accuses may be right or lie, alone or with friends, at the cost of a rival
// or of its own colleague; the contracts cannot know, and the operators decide by the draw of a number.
import { CREDIT } from "../../contracts/fixture.ts";
import { wordOf } from "../crowdChain.ts";
import { type AttestationModel, accuse, close, isOpen, second } from "../model/accusations.ts";
import { depositStake, freeStakeOf, unbondStake, withdrawAttesterReward, withdrawStake } from "../model/attesters.ts";
import type { TaskModel } from "../model/model.ts";
import type { Picker } from "../picker.ts";
import type { World } from "../world.ts";
import { anybody, someTask } from "./bidding.ts";

const ONE = Number(CREDIT);
const REPORT = wordOf("what a test showed");
/** What the attester of all capabilities keeps, so that the market does not end with its stake. */
const KEPT = 5_000 * ONE;

const anAccuser = (w: World, pick: Picker): string =>
  pick.chance(0.93) ? (pick.of(w.accusers) ?? w.stranger).address : anybody(w, pick);

/** The ground that is mostly a true one: an agent that bid where its capability was asked for. */
function groundOf(w: World, pick: Picker): { task: TaskModel; attestation: AttestationModel | undefined } | undefined {
  const m = w.model;
  const asking = m.tasks.filter(({ level, bids }) => level > 0 && bids.length > 0).slice(-10);
  const task = (pick.chance(0.95) ? pick.of(asking) : undefined) ?? someTask(w, pick);
  if (task === undefined) return undefined;
  const agentId = pick.chance(0.93) ? pick.of(task.bids)?.key.agent.id : pick.of(m.agents)?.id;
  const own = m.attestations.filter((one) => one.agentId === agentId && one.at <= task.commitDeadline);
  const fit = own.filter(({ uid, level }) => level >= task.level && !m.judged.has(uid));
  return { task, attestation: pick.chance(0.9) ? (fit.at(-1) ?? own.at(-1)) : pick.of(m.attestations) };
}

export function makeDenunciation(w: World, pick: Picker): void {
  const m = w.model;
  const ground = groundOf(w, pick);
  if (ground === undefined) return;
  const { task, attestation } = ground;
  const by = anAccuser(w, pick);
  const bid = task.bids.find(({ key }) => key.agent.id === attestation?.agentId) ?? pick.of(task.bids);
  const bidder = pick.chance(0.95) ? (bid?.key.person.address ?? by) : by;
  const charge = {
    resolver: w.address("CapabilityResolver"),
    uid: attestation?.uid ?? wordOf("no attestation"),
    tender: w.address("SealedBidTender"),
    tenderId: task.tenderId,
    bidder,
  };
  const expected = accuse(m, by, attestation, task, bidder);
  w.act("accuse capability", by, "FalseCapability", "accuse", [charge, REPORT], expected);
}

export function makeSeconding(w: World, pick: Picker): void {
  const m = w.model;
  const gathering = m.accusations.filter(({ status }) => status === "gathering");
  const accusation = pick.of(pick.chance(0.93) ? gathering : m.accusations);
  if (accusation === undefined) return;
  const by = anAccuser(w, pick);
  const expected = second(m, by, accusation);
  w.act("second accusation", by, "FalseCapability", "second", [accusation.id, REPORT], expected);
}

export function makeClosing(w: World, pick: Picker): void {
  const m = w.model;
  const due = m.accusations.filter((one) => isOpen(one) && m.now > one.deadline);
  const accusation = pick.of(pick.chance(0.85) ? due : m.accusations);
  if (accusation === undefined) return;
  const by = anybody(w, pick);
  w.act("close accusation", by, "FalseCapability", "close", [accusation.id], close(m, accusation));
}

/** Attesters' stake in and out, and what their accusations earned. */
export function makeAttesterStake(w: World, pick: Picker): void {
  const m = w.model;
  const account = anAccuser(w, pick);
  const choice = pick.next();
  if (choice < 0.35) {
    const amount = pick.chance(0.95) ? (1 + pick.below(300)) * ONE : 0;
    const by = anybody(w, pick);
    const expected = depositStake(m, by, account, amount);
    w.act("attester stake", by, "AttesterRegistry", "deposit", [account, amount], expected);
  } else if (choice < 0.6) unbond(w, pick, account);
  else if (choice < 0.8) {
    const own = pick.chance(0.3) ? m.attester : account;
    const expected = withdrawStake(m, own);
    w.act("attester withdraw", anybody(w, pick), "AttesterRegistry", "withdrawUnbonded", [own], expected);
  } else {
    const reporter = pick.of([...m.attesterRewards.keys()]) ?? account;
    const expected = withdrawAttesterReward(m, reporter);
    w.act("withdraw accuser's share", anybody(w, pick), "AttesterRegistry", "withdrawReward", [reporter], expected);
  }
}

function unbond(w: World, pick: Picker, account: string): void {
  const m = w.model;
  const own = pick.chance(0.3) ? m.attester : account;
  const held = m.attesters.get(own);
  const free = held === undefined ? 0 : freeStakeOf(held);
  const most = own === m.attester ? free - KEPT : free + 1;
  if (most <= 0) return;
  const amount = pick.chance(0.7) ? Math.min(1 + pick.below(100 * ONE), most) : most;
  const by = pick.chance(0.9) ? own : anybody(w, pick);
  w.act("attester unbond", by, "AttesterRegistry", "requestUnbonding", [own, amount], unbondStake(m, by, own, amount));
}
