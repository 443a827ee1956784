// What owners, keys, members of the panel and whoever waits for money do; and what nobody may.
import { CREDIT } from "../../contracts/fixture.ts";
import { wordOf } from "../crowdChain.ts";
import { joinPanel, leavePanel, removeLapsed, withdrawFromPanel } from "../model/disputes.ts";
import { createJob, fund, setBudget, withdrawFromEscrow } from "../model/jobs.ts";
import type { AgentModel } from "../model/model.ts";
import {
  freeOf,
  isEngaged,
  requestUnbonding,
  revokeKey,
  setCapacity,
  setKey,
  stake,
  transferAgent,
  withdrawUnbonded,
} from "../model/stakes.ts";
import { withdrawFromMarket } from "../model/tasks.ts";
import type { Person } from "../people.ts";
import type { Picker } from "../picker.ts";
import { MEMBERS_FROM, type World } from "../world.ts";
import { anybody, anyKey } from "./bidding.ts";

const ONE = Number(CREDIT);
const FAR = 2n ** 40n - 1n;

const anAgent = (w: World, pick: Picker): AgentModel => pick.of(w.model.agents) as AgentModel;
/** Those who bid, mostly: a panel whose members come and go never rules. */
const aBidder = (w: World, pick: Picker): AgentModel =>
  pick.chance(0.9) ? (pick.of(w.model.agents.slice(0, MEMBERS_FROM)) as AgentModel) : anAgent(w, pick);
const ownerOrNot = (w: World, agent: AgentModel, pick: Picker): string =>
  pick.chance(0.9) ? agent.owner.address : anybody(w, pick);

export function makeStake(w: World, pick: Picker): void {
  const poor = w.model.agents.filter(({ bonded }) => bonded < 3 * w.model.figures.minStake);
  const agent = (pick.chance(0.6) ? pick.of(poor) : undefined) ?? anAgent(w, pick);
  const amount = pick.chance(0.95) ? (1 + pick.below(200)) * ONE + pick.below(3) : 0;
  const by = anybody(w, pick);
  w.act("stake", by, "AgentLedger", "stake", [agent.id, amount], stake(w.model, by, agent, amount));
}

export function makeUnbonding(w: World, pick: Picker): void {
  const agent = aBidder(w, pick);
  const by = ownerOrNot(w, agent, pick);
  const free = freeOf(agent);
  const much = pick.of([free, free - w.model.figures.minStake, free + 1]) ?? 0;
  const amount = Math.max(pick.chance(0.7) ? pick.below(30 * ONE) : much, 1);
  const expected = requestUnbonding(w.model, by, agent, amount);
  w.act("unbond", by, "AgentLedger", "requestUnbonding", [agent.id, amount], expected);
}

export function makeUnbondedWithdrawal(w: World, pick: Picker): void {
  const isReady = ({ leaving }: AgentModel): boolean => leaving.amount > 0 && w.model.now >= leaving.readyAt;
  const agent = pick.chance(0.9) ? pick.of(w.model.agents.filter(isReady)) : anAgent(w, pick);
  if (agent === undefined) return;
  const expected = withdrawUnbonded(w.model, agent);
  w.act("withdraw stake", anybody(w, pick), "AgentLedger", "withdrawUnbonded", [agent.id], expected);
}

export function makeCapacity(w: World, pick: Picker): void {
  const agent = aBidder(w, pick);
  const by = ownerOrNot(w, agent, pick);
  const capacity = pick.chance(0.8) ? 65_535 : pick.below(5);
  w.act("capacity", by, "AgentLedger", "setCapacity", [agent.id, capacity], setCapacity(by, agent, capacity));
}

/** A new key, the old one of somebody else, or a proof that is not the key's. */
export function makeKey(w: World, pick: Picker): void {
  const keyless = w.model.agents.filter(({ key }) => key === undefined);
  const agent = (pick.chance(0.7) ? pick.of(keyless) : undefined) ?? aBidder(w, pick);
  const by = ownerOrNot(w, agent, pick);
  const spare = w.keyRing[agent.id]?.filter(({ address }) => !w.model.keys.has(address)) ?? [];
  const key = pick.chance(0.7) ? pick.of(spare) : pick.of(w.keyRing.flat());
  if (key === undefined) return;
  const isProven = pick.chance(0.9);
  const proof = isProven ? w.proveKey(key, agent) : w.proveKey(key, agent, agent.nonce + 1);
  const hadCode = w.actors.has(key.address);
  const expected = !hadCode && setKey(w.model, by, agent, key, isProven);
  w.act("key", by, "AgentLedger", "setBidKey", [agent.id, key.address, FAR, proof], expected);
  // Half of the keys stay without code: what keeps others from taking them then is that they are taken.
  if (expected && pick.chance(0.5)) w.newActors.push(key.address);
}

export function makeRevocation(w: World, pick: Picker): void {
  const key = pick.of([...w.model.keys.values()].filter(({ agent }) => agent.id < MEMBERS_FROM || pick.chance(0.1)));
  if (key === undefined) return;
  const by = pick.chance(0.8) ? key.agent.owner.address : anybody(w, pick);
  w.act("revoke key", by, "AgentLedger", "revokeBidKey", [key.person.address], revokeKey(w.model, by, key));
}

/** A sale of an agent, sometimes to a receiver that re-enters in the middle of it. */
export function makeTransfer(w: World, pick: Picker): void {
  const idle = w.model.agents.filter((agent) => !isEngaged(agent) && (agent.id < MEMBERS_FROM || pick.chance(0.1)));
  const agent = pick.chance(0.7) ? pick.of(idle) : aBidder(w, pick);
  if (agent === undefined) return;
  const by = ownerOrNot(w, agent, pick);
  // Mostly back to its first owner: a market in which one organisation owns everything has no bidders.
  const to = (pick.chance(0.6) ? w.owners[agent.id] : pick.of(w.people)) as Person;
  const from = agent.owner.address;
  const safely = pick.chance(0.5);
  if (safely && w.actors.has(to.address)) setTrap(w, to.address, agent);
  const expected = transferAgent(w.model, by, agent, to);
  const name = safely ? "safeTransferFrom(address,address,uint256)" : "transferFrom";
  w.act("transfer", by, "IdentityRegistry", name, [from, to.address, agent.id], expected);
  if (safely) clearTrap(w, to.address);
}

/** The receiver tries to send the agent on, in its old owner's name, while it is being received. */
function setTrap(w: World, receiver: string, agent: AgentModel): void {
  const call = w
    .abi("IdentityRegistry")
    .encodeFunctionData("transferFrom", [agent.owner.address, w.stranger.address, agent.id]);
  const data = w.actorAbi.encodeFunctionData("setTrap", [w.address("IdentityRegistry"), call]);
  w.made.push({ kind: "trap", told: "set a trap", expected: true, actor: receiver, target: receiver, data });
}

function clearTrap(w: World, receiver: string): void {
  const data = w.actorAbi.encodeFunctionData("setTrap", [`0x${"0".repeat(40)}`, "0x"]);
  w.made.push({ kind: "trap", told: "clear the trap", expected: true, actor: receiver, target: receiver, data });
}

export function makeMembership(w: World, pick: Picker): void {
  const key = anyKey(w, pick);
  const by = pick.chance(0.9) && key !== undefined ? key.person.address : anybody(w, pick);
  if (!w.actors.has(by)) return;
  if (pick.chance(0.7)) w.act("join panel", by, "DisputePanel", "joinPanel", [], joinPanel(w.model, by));
  else if (pick.chance(0.4)) w.act("leave panel", by, "DisputePanel", "leavePanel", [], leavePanel(w.model, by));
  else {
    const organisation = pick.of(w.model.members)?.organisation ?? 1;
    const expected = removeLapsed(w.model, organisation);
    w.act("remove lapsed", by, "DisputePanel", "removeLapsed", [organisation], expected);
  }
}

/** Anyone has anyone's money sent to where it belongs. */
export function makeWithdrawal(w: World, pick: Picker): void {
  const m = w.model;
  const books = [m.marketCredits, m.escrowCredits, m.panelCredits];
  const book = pick.below(books.length);
  const owed = books[book]?.accounts() ?? [];
  const account =
    (pick.chance(0.9) ? pick.of(owed) : undefined) ?? pick.of([...w.people.map((p) => p.address), m.at.market]);
  if (account === undefined) return;
  const by = anybody(w, pick);
  if (book === 0) w.act("withdraw", by, "TaskMarket", "withdrawFor", [account], withdrawFromMarket(m, account));
  else if (book === 1) w.act("withdraw", by, "JobEscrow", "withdrawFor", [account], withdrawFromEscrow(m, account));
  else w.act("withdraw", by, "DisputePanel", "withdrawFor", [account], withdrawFromPanel(m, account));
}

/** Credits sent unasked to a contract are nobody's, and change nothing. */
export function makeGift(w: World, pick: Picker): void {
  const contract = pick.of(["TaskMarket", "JobEscrow", "AgentLedger", "DisputePanel", "AttesterRegistry"] as const);
  const amount = 1 + pick.below(5);
  const by = anybody(w, pick);
  const to = w.address(contract);
  w.model.move(by, to, amount);
  w.model.gifts.add(to, amount);
  w.act("gift", by, "Credits", "transfer", [to, amount], true);
}

/** Jobs between people who have nothing to do with the market. */
export function makeOwnJob(w: World, pick: Picker): void {
  const m = w.model;
  const by = anybody(w, pick);
  const open = m.jobs.filter(({ status, client }) => status === "open" && client !== m.at.market);
  const job = pick.of(open);
  if (job === undefined || pick.chance(0.3)) {
    const [provider, evaluator] = [anybody(w, pick), anybody(w, pick)];
    const expiredAt = pick.chance(0.9) ? m.now + 1 + pick.below(2_000) : m.now;
    const args = [provider, evaluator, expiredAt, "", `0x${"0".repeat(40)}`];
    w.act("own job", by, "JobEscrow", "createJob", args, createJob(m, by, provider, evaluator, expiredAt));
  } else if (job.budget === 0 || pick.chance(0.2)) {
    const amount = 1 + pick.below(ONE);
    const proposer = pick.chance(0.9) ? job.client : by;
    w.act("own job", proposer, "JobEscrow", "setBudget", [job.id, amount, "0x"], setBudget(job, proposer, amount));
  } else {
    const budget = pick.chance(0.9) ? job.budget : job.budget + 1;
    const expected = fund(m, job, job.client, budget);
    w.act("own job", job.client, "JobEscrow", "fund", [job.id, budget, "0x"], expected);
  }
}

/** Functions of one module for another, called by somebody else. */
export function makeIntrusion(w: World, pick: Picker): void {
  const by = anybody(w, pick);
  const victim = anAgent(w, pick);
  const key = victim.key?.person.address ?? by;
  const tries = [
    ["AgentLedger", "slash", [wordOf("fault"), victim.id, 1, 0, true]],
    ["AgentLedger", "releaseLock", [key, 1]],
    ["AgentLedger", "startJob", [victim.id, 0]],
    ["AgentLedger", "startReassignedJob", [victim.id, 0]],
    ["AgentLedger", "finishJob", [victim.id]],
    ["AgentLedger", "dropCommitment", [victim.id]],
    ["AgentLedger", "endCommitments", [[]]],
    ["AgentLedger", "admitBid", [key, 0, 0, 0, 0, wordOf(""), 0]],
    ["AgentLedger", "setMemberListed", [victim.owner.address, false]],
    ["AgentLedger", "setOrganisationListed", [victim.organisation, false]],
    ["AgentLedger", "agentTransferred", [victim.id, by, by]],
    ["AgentLedger", "cacheCapability", [victim.id, wordOf("digest"), FAR, 9, by, true]],
    ["AgentLedger", "clearCapability", [victim.id, wordOf("digest"), by, true]],
    ["AgentLedger", "reinstate", [victim.id]],
    ["AgentLedger", "payReward", [wordOf("fault"), by]],
    ["AgentLedger", "openFault", [victim.id]],
    ["AgentLedger", "removeCapability", [victim.id, wordOf("digest")]],
    ["AgentLedger", "payRewardPart", [wordOf("fault"), by, 1]],
    ["AttesterRegistry", "slash", [wordOf("fault"), w.model.attester, 1, 0, true]],
    ["AttesterRegistry", "lockStake", [w.model.attester, 1]],
    ["AttesterRegistry", "unlockStake", [by, 1]],
    ["FalseCapability", "decide", [pick.of(w.model.accusations)?.id ?? 1, 1]],
    ["Permissions", "setMemberActive", [by, true]],
    ["SealedBidTender", "cancelTender", [pick.of(w.model.tasks)?.tenderId ?? wordOf("")]],
  ] as const;
  const attempt = pick.of(tries);
  if (attempt === undefined) return;
  const [contract, name, args] = attempt;
  w.act("intrude", by, contract, name, args, false);
}
