// Evidence of bid equivocation: against those who contradicted themselves, and against those who did not.
import { AbiCoder, keccak256 } from "ethers";
import { wordOf } from "../crowdChain.ts";
import {
  burnUnclaimedReward,
  commitEvidence,
  isProof,
  report,
  reportCommitted,
  type Statement,
  withdrawReward,
} from "../model/faults.ts";
import type { AgentModel, Model, TaskModel } from "../model/model.ts";
import { serves } from "../model/stakes.ts";
import type { Picker } from "../picker.ts";
import type { World } from "../world.ts";
import { anybody, anyKey, commitmentOf, isHonest, remember } from "./bidding.ts";

const coder = AbiCoder.defaultAbiCoder();
const KIND = wordOf("allot.fault.bid-equivocation");
const MASKED = "00";
const ZERO = `0x${"0".repeat(40)}`;

interface Accusation {
  readonly agent: AgentModel;
  readonly task: TaskModel;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly isProven: boolean;
  /** The first 248 bits of both commitments, in order. */
  readonly contradiction: readonly [string, string];
}

const masked = (commitment: string): string => `${commitment.slice(0, -2)}${MASKED}`;

/** A dishonest key signs another bid for a task that is not yet history. */
function signAnother(w: World, pick: Picker): void {
  const task = pick.of(w.model.tasks.slice(-12));
  const key = pick.chance(0.8) ? pick.of(task?.bids ?? [])?.key : anyKey(w, pick);
  if (key === undefined || task === undefined || isHonest(key)) return;
  const salt = wordOf(`another ${pick.next()}`);
  const commitment = commitmentOf(task.tenderId, key.person.address, 1, salt);
  remember(w, key, task, commitment, w.signBid(key.person, key.agent, task.tenderId, commitment));
}

/** Two statements of an agent, as far as anybody has any; forged ones among them. */
function accusation(w: World, pick: Picker): Accusation | undefined {
  const m = w.model;
  const names = [...w.signed.keys()].slice(-40);
  const named = pick.of(names.filter((name) => (w.signed.get(name)?.length ?? 0) > 1 || pick.chance(0.3)));
  if (named === undefined) return undefined;
  const [agentId = 0, taskId = 0] = named.split(" ").map(Number);
  const agent = m.agents[agentId];
  const task = m.tasks[taskId - 1];
  const statements = w.signed.get(named) ?? [];
  const a = pick.of(statements);
  if (agent === undefined || task === undefined || a === undefined) return undefined;
  const base = { tender: w.address("SealedBidTender"), tenderId: task.tenderId, agentId, slot: 0 };
  const first = { commitmentA: a.commitment, signatureA: a.signature };
  const serving = (author: string): boolean => {
    const key = m.keys.get(author);
    return key !== undefined && serves(key, task.openedAt);
  };
  const shown = { ...first, ...second(w, pick, agent, task, a.commitment) };
  const proof: readonly [Statement, Statement] = [a, { commitment: shown.commitment, author: shown.author }];
  const onChain = shown.bidderB !== ZERO;
  const isProven = isProof(m, agent, task, proof, (author) => (onChain && author === shown.author) || serving(author));
  const pair = [masked(a.commitment), masked(shown.commitment)].sort() as [string, string];
  const { commitment: commitmentB, signatureB, bidderB } = shown;
  const evidence = { ...base, ...first, commitmentB: onChain ? wordOf("unread") : commitmentB, signatureB, bidderB };
  return { agent, task, evidence, isProven, contradiction: pair };
}

interface Second {
  readonly commitment: string;
  readonly author: string | undefined;
  readonly signatureB: string;
  readonly bidderB: string;
}

function second(w: World, pick: Picker, agent: AgentModel, task: TaskModel, commitmentA: string): Second {
  const own = w.signed.get(`${agent.id} ${task.id}`) ?? [];
  const other = pick.of(own.filter(({ commitment }) => commitment !== commitmentA)) ?? pick.of(own);
  const elsewhere = pick.of([...w.signed.entries()].filter(([name]) => name !== `${agent.id} ${task.id}`))?.[1][0];
  const bid = task.bids.find(({ key }) => key.agent === agent);
  const choice = pick.next();
  if (choice < 0.35 && bid !== undefined) {
    const bidderB = bid.key.person.address;
    return { commitment: bid.commitment, author: bidderB, signatureB: "0x", bidderB };
  }
  // A statement about another task, or of another agent, shown as if it were this one's.
  if (choice < 0.5 && elsewhere !== undefined) {
    return { commitment: elsewhere.commitment, author: undefined, signatureB: elsewhere.signature, bidderB: ZERO };
  }
  // The same statement, its last byte changed: a signature of nobody's.
  if (choice < 0.55 && other !== undefined) {
    const commitment = `${other.commitment.slice(0, -2)}${other.commitment.endsWith("00") ? "01" : "00"}`;
    return { commitment, author: undefined, signatureB: other.signature, bidderB: ZERO };
  }
  if (other === undefined) return { commitment: wordOf(""), author: undefined, signatureB: "0x00", bidderB: ZERO };
  return { commitment: other.commitment, author: other.author, signatureB: other.signature, bidderB: ZERO };
}

/** Id of a fault that the model knows by agent and task. */
export function faultIdOf(m: Model, name: string): string {
  const [agentId = 0, taskId = 0] = name.split(" ").map(Number);
  const tenderId = m.tasks[taskId - 1]?.tenderId;
  return keccak256(coder.encode(["bytes32", "uint256", "bytes32"], [KIND, agentId, tenderId]));
}

/** What a reporter commits to before it shows evidence. */
function evidenceCommitment({ agent, task, contradiction }: Accusation, reporter: string, salt: string): string {
  const fault = keccak256(coder.encode(["bytes32", "uint256", "bytes32"], [KIND, agent.id, task.tenderId]));
  const types = ["bytes32", "uint256", "uint256", "address", "bytes32"];
  return keccak256(coder.encode(types, [fault, ...contradiction, reporter, salt]));
}

export function makeAccusation(w: World, pick: Picker): void {
  const m = w.model;
  if (pick.chance(0.7)) signAnother(w, pick);
  const shown = accusation(w, pick);
  if (shown === undefined) return;
  const { agent, task, evidence, isProven } = shown;
  // Friends of the offender would like the reporter's share. Who promised evidence is mostly the one who shows it later.
  const keen = (agent.id + task.id) % 2 === 0 ? agent.owner.address : w.reporter.address;
  const by = pick.chance(0.85) ? keen : anybody(w, pick);
  if (pick.chance(0.3)) {
    const expected = isProven && report(m, agent, task);
    w.act("accuse", by, "BidEquivocation", "report", [evidence], expected);
    return;
  }
  const salt = wordOf("salt of the evidence");
  const commitment = evidenceCommitment(shown, by, salt);
  if (!m.evidence.has(`${by} ${commitment}`)) {
    const expected = commitEvidence(m, by, commitment);
    w.act("promise evidence", by, "BidEquivocation", "commitEvidence", [commitment], expected);
    // Shown in the same block, by somebody in a hurry: that earns nothing.
    if (pick.chance(0.7)) return;
  }
  const expected = isProven && reportCommitted(m, by, agent, task, commitment);
  w.act("accuse for reward", by, "BidEquivocation", "reportCommitted", [evidence, salt], expected);
}

/** Promised evidence is shown once its promise is old enough. */
export function makeReward(w: World, pick: Picker): void {
  const m = w.model;
  if (pick.chance(0.6)) {
    const reporter = pick.of([...m.rewards.keys()]) ?? w.reporter.address;
    const expected = withdrawReward(m, reporter);
    w.act("withdraw reward", anybody(w, pick), "AgentLedger", "withdrawReward", [reporter], expected);
    return;
  }
  const fault = pick.of([...m.faults.entries()]);
  if (fault === undefined) return;
  const expected = burnUnclaimedReward(m, fault[1]);
  w.act("burn reward", anybody(w, pick), "AgentLedger", "burnUnclaimedReward", [faultIdOf(m, fault[0])], expected);
}
