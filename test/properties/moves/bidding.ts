// What requesters and bidders do until a task is settled: post, commit, reveal, relay, replay, lie, race the deadline.
import { AbiCoder, keccak256, toBeHex } from "ethers";
import { CREDIT } from "../../contracts/fixture.ts";
import { wordOf } from "../crowdChain.ts";
import type { BidModel, KeyModel, TaskModel } from "../model/model.ts";
import { isEligible } from "../model/stakes.ts";
import { cancel, commit, finalize, post, reveal, settle } from "../model/tasks.ts";
import type { Picker } from "../picker.ts";
import type { World } from "../world.ts";

const coder = AbiCoder.defaultAbiCoder();
const ONE = Number(CREDIT);
const CHAIN_ID_WORD = 31_337;
const LIVE_TASKS_MAX = 14;
const MECHANISMS = ["FirstPrice", "Vickrey", "UniformPrice", "PostedPrice"] as const;

export const liveTasks = ({ model }: World): readonly TaskModel[] =>
  model.tasks.filter(({ status }) => status === "open" || status === "settled");
export const openTasks = ({ model }: World): readonly TaskModel[] =>
  model.tasks.filter(({ status }) => status === "open");
/** Any task, live ones mostly. */
export const someTask = (w: World, pick: Picker): TaskModel | undefined =>
  pick.of(pick.chance(0.9) ? liveTasks(w) : w.model.tasks);
export const anyKey = ({ model }: World, pick: Picker): KeyModel | undefined => pick.of([...model.keys.values()]);
export const anybody = (w: World, pick: Picker): string => (pick.of(w.people) ?? w.stranger).address;

/** Odd agents are dishonest: they contradict themselves, and their keys sign whatever helps. */
export const isHonest = (key: KeyModel): boolean => key.agent.id % 2 === 0;

export function makePost(w: World, pick: Picker): void {
  const m = w.model;
  if (liveTasks(w).length >= LIVE_TASKS_MAX) return;
  const requester = pick.of(w.requesters) ?? w.stranger;
  const by = pick.chance(0.05) ? w.stranger : requester;
  const evaluator = pick.chance(0.9) ? (pick.of(w.evaluators) ?? w.stranger) : (pick.of(w.people) ?? w.stranger);
  const mechanism = pick.of(MECHANISMS) ?? "Vickrey";
  const units = mechanism === "Vickrey" && pick.chance(0.95) ? 1 : 1 + pick.below(3);
  const terms = {
    requester: by,
    evaluator: evaluator.address,
    mechanism,
    reserve: (20 + pick.below(80)) * ONE,
    units,
    cap: 1 + units + pick.below(6),
    lock: pick.chance(0.95) ? (1 + pick.below(pick.chance(0.4) ? 200 : 20)) * ONE : ONE - 1,
    level: pick.chance(0.3) ? 1 : 0,
    maxReassignments: pick.below(3),
    commitWindow: 60 + pick.below(100),
    revealWindow: 60 + pick.below(100),
    deliveryWindow: 60 + pick.below(300),
    verdictWindow: 60 + pick.below(200),
    disputeWindow: pick.chance(0.6) ? 60 + pick.below(200) : 0,
    acceptanceWindow: 60 + pick.below(60),
  };
  const args = {
    ...terms,
    mechanism: w.address(mechanism),
    maxBidders: terms.cap,
    requirements: terms.level > 0 ? [{ capability: wordOf("digest"), level: terms.level, attester: ZERO }] : [],
    specification: wordOf("specification"),
    uri: "",
  };
  const nonce = m.tasks.length;
  const fields = [CHAIN_ID_WORD, w.address("SealedBidTender"), m.at.market, nonce];
  const tenderId = keccak256(coder.encode(["uint256", "address", "address", "uint256"], fields));
  w.act("post", by.address, "TaskMarket", "post", [args], post(m, terms, tenderId));
}

const ZERO = toBeHex(0, 20);

export function commitmentOf(tenderId: string, bidder: string, amount: number, salt: string): string {
  const types = ["bytes32", "address", "uint256", "bytes32"];
  return keccak256(coder.encode(types, [tenderId, bidder, amount, salt]));
}

/** Remembers a statement: whoever has seen it may show it. */
export function remember(w: World, key: KeyModel, task: TaskModel, commitment: string, signature: string): void {
  const name = `${key.agent.id} ${task.id}`;
  const signed = { author: key.person.address, commitment, signature };
  w.signed.set(name, [...(w.signed.get(name) ?? []), signed]);
}

/** A bid, by the key itself or by a relay; honest agents state one, dishonest ones try again. */
export function makeCommit(w: World, pick: Picker): void {
  const m = w.model;
  const open = openTasks(w).filter((task) => m.now <= task.commitDeadline);
  const task = pick.chance(0.93) ? pick.of(open) : someTask(w, pick);
  if (task === undefined) return;
  const hasBid = (key: KeyModel): boolean => task.bids.some((bid) => bid.key.agent === key.agent);
  const fresh = [...m.keys.values()].filter((key) => key.agent.key === key && !hasBid(key));
  const fit = fresh.filter((key) => isEligible(m, task, key) && !task.organisations.has(key.agent.organisation));
  const key = pick.chance(0.9) ? pick.of(fit) : (pick.of(fresh) ?? anyKey(w, pick));
  if (key === undefined || (isHonest(key) && hasBid(key))) return;
  // Few prices, so that ties are frequent.
  const amount = Math.ceil(task.reserve / 8) * (1 + pick.below(9));
  const salt = wordOf(`salt ${pick.next()}`);
  const commitment = commitmentOf(task.tenderId, key.person.address, amount, salt);
  const relayed = pick.chance(0.5) || !w.actors.has(key.person.address);
  const bid = { amount, salt, commitment, revealed: false };
  if (!relayed) {
    const args = [task.tenderId, commitment];
    w.act("commit", key.person.address, "SealedBidTender", "commitBid", args, commit(m, task, key, bid));
    return;
  }
  const signature = w.signBid(key.person, key.agent, task.tenderId, commitment);
  remember(w, key, task, commitment, signature);
  const statement = { tenderId: task.tenderId, agentId: key.agent.id, slot: 0, commitment };
  const isTampered = pick.chance(0.05);
  const shown = isTampered ? { ...statement, agentId: key.agent.id + 1 } : statement;
  const expected = !isTampered && commit(m, task, key, bid);
  w.act("relay", anybody(w, pick), "SealedBidTender", "commitBidFor", [shown, signature], expected);
}

/** Some never open their bid. */
const isForgotten = ({ salt }: BidModel): boolean => /[01]$/.test(salt);

/** An opening, by the bidder or anyone who knows it; sometimes a false one. */
export function makeReveal(w: World, pick: Picker): void {
  const m = w.model;
  const revealing = openTasks(w).filter((task) => m.now > task.commitDeadline && m.now <= task.revealDeadline);
  const task = pick.chance(0.93) ? pick.of(revealing) : someTask(w, pick);
  const sealed = task?.bids.filter((bid) => !bid.revealed && !isForgotten(bid)) ?? [];
  const bid = pick.of(pick.chance(0.93) ? sealed : (task?.bids ?? []));
  if (task === undefined || bid === undefined) return;
  const isFalse = pick.chance(0.06);
  const amount = isFalse ? bid.amount - 1 : bid.amount;
  const bidder = bid.key.person.address;
  const expected = reveal(m, task, bidder, amount, bid.salt);
  if (pick.chance(0.5) && w.actors.has(bidder)) {
    w.act("reveal", bidder, "SealedBidTender", "revealBid", [task.tenderId, amount, bid.salt], expected);
  } else {
    const args = [task.tenderId, bidder, amount, bid.salt];
    w.act("reveal for", anybody(w, pick), "SealedBidTender", "revealBidFor", args, expected);
  }
}

const isOver = ({ model }: World, task: TaskModel): boolean => model.now > task.revealDeadline;

export function makeFinalize(w: World, pick: Picker): void {
  const due = openTasks(w).filter((task) => task.phase === "commit" && isOver(w, task));
  const task = pick.chance(0.8) ? pick.of(due) : someTask(w, pick);
  if (task === undefined) return;
  const expected = finalize(w.model, task);
  w.act("finalize", anybody(w, pick), "SealedBidTender", "finalize", [task.tenderId], expected);
}

export function makeSettle(w: World, pick: Picker): void {
  const due = openTasks(w).filter((task) => isOver(w, task));
  const task = pick.chance(0.9) ? pick.of(due) : someTask(w, pick);
  if (task === undefined) return;
  w.act("settle", anybody(w, pick), "TaskMarket", "settle", [task.id], settle(w.model, task));
}

export function makeCancel(w: World, pick: Picker): void {
  const unwanted = openTasks(w).filter(({ bids, phase }) => bids.length === 0 && phase === "commit");
  const task = pick.chance(0.7) ? pick.of(unwanted) : someTask(w, pick);
  if (task === undefined) return;
  const by = pick.chance(0.8) ? task.requester.address : anybody(w, pick);
  w.act("cancel", by, "TaskMarket", "cancel", [task.id], cancel(w.model, by, task));
}
