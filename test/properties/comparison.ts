// The contracts against the model: every balance, stake, credit, unit and key that the properties of docs/rules.md speak of.
import type { RuleContract } from "../../contracts/deploy/genesisAddresses.ts";
import { wordOf } from "./crowdChain.ts";
import { RULINGS, STATUSES } from "./model/accusations.ts";
import { awardsOf, offerOf } from "./model/awards.ts";
import { type AgentModel, DIGEST, type Model, type TaskModel, type UnitModel } from "./model/model.ts";
import { capacityOf, freeOf } from "./model/stakes.ts";
import type { World } from "./world.ts";

/** A property of docs/rules.md that does not hold. */
export class PropertyBroken extends Error {}

interface Question {
  readonly contract: RuleContract;
  readonly name: string;
  readonly args: readonly unknown[];
  /** What the words should be; undefined for those that do not matter. */
  readonly expected: readonly (number | string | undefined)[];
  readonly says: string;
}

const TASK_STATUS = { open: 1, settled: 2, closed: 3, cancelled: 4 } as const;
const UNIT_STATUS = { assigned: 1, offered: 2, paid: 3, refunded: 4 } as const;
const VERDICT = { none: 0, accepted: 1, rejected: 2 } as const;
const PHASE = { commit: undefined, awarded: 3, void: 4 } as const;
const TASK_OPEN_UNITS = 3;
const TASK_STATUS_WORD = 8;
const ACCUSATION_PENALTY = 1;
const ACCUSATION_DEADLINE = 14;

const bool = (value: boolean): number => (value ? 1 : 0);

function balances(w: World): readonly Question[] {
  const m = w.model;
  const held = (["market", "escrow", "ledger", "panel", "attesters"] as const).map((name) => ({
    contract: "Credits" as const,
    name: "balanceOf",
    args: [m.at[name]],
    expected: [m.wallets.get(m.at[name])],
    says: `property 1: the ${name} holds what it owes, and what it was given`,
  }));
  const expected = [w.supply - m.burned];
  return [...held, { contract: "Credits", name: "totalSupply", args: [], expected, says: "what is taken is burned" }];
}

function ofAgent(w: World, agent: AgentModel): readonly Question[] {
  const { bonded, locked, committed, running, organisation, suspended, obligationUntil, leaving } = agent;
  const delisted = !w.model.isActive(agent.owner.address);
  const capacity = capacityOf(w.model, agent);
  const record = [bonded, locked, committed, running, capacity, organisation, 1, bool(suspended), bool(delisted)];
  const told = `agent ${agent.id}`;
  const args = [agent.id];
  const contract = "AgentLedger" as const;
  const held = agent.capabilities.get(DIGEST);
  const counts = held !== undefined && w.model.holds(agent, DIGEST, 0);
  const capability = [held?.validUntil ?? 0, held?.level ?? 0, undefined, bool(counts)];
  return [
    {
      contract,
      name: "agentOf",
      args,
      expected: [...record, obligationUntil],
      says: `properties 6 to 8: stake, locks, counts and status of ${told}`,
    },
    {
      contract,
      name: "openFaultsOf",
      args,
      expected: [agent.openFaults],
      says: `property 8: accusations that hold ${told}`,
    },
    { contract, name: "unbondingOf", args, expected: [leaving.amount], says: `property 8: unbonding stake of ${told}` },
    { contract, name: "bidKeyOf", args, expected: [agent.key?.person.address ?? 0], says: `bid key of ${told}` },
    {
      contract,
      name: "capabilityOf",
      args: [agent.id, wordOf(DIGEST)],
      expected: capability,
      says: `capability of ${told}`,
    },
  ];
}

function ofOffer(m: Model, task: TaskModel, unit: UnitModel, index: number): Question {
  const offer = offerOf(m, task, unit);
  return {
    contract: "TaskMarket",
    name: "candidateOf",
    args: [task.id, index],
    expected: [offer?.winner ?? 0, Number(offer?.price ?? 0)],
    says: `property 3: the offer of unit ${index} of task ${task.id} follows from who has failed`,
  };
}

function ofUnit(task: TaskModel, unit: UnitModel, index: number): Question {
  const { key, price, status, verdict, round, job, deadline } = unit;
  const record = [key.person.address, price, UNIT_STATUS[status], VERDICT[verdict], round, key.agent.id, job.id];
  return {
    contract: "TaskMarket",
    name: "assignmentOf",
    args: [task.id, index],
    expected: [...record, deadline],
    says: `property 2: unit ${index} of task ${task.id}`,
  };
}

function ofTask(m: Model, task: TaskModel): readonly Question[] {
  const expected = Array.from<number | undefined>({ length: TASK_STATUS_WORD + 1 });
  expected[TASK_OPEN_UNITS] = task.status === "settled" ? task.openUnits : undefined;
  expected[TASK_STATUS_WORD] = TASK_STATUS[task.status];
  const taskQuestion: Question = {
    contract: "TaskMarket",
    name: "taskOf",
    args: [task.id],
    expected,
    says: `property 2: status and open units of task ${task.id}`,
  };
  const phase = PHASE[task.phase];
  const over = phase === undefined ? [] : [ofAward(task), ofPhase(task, phase)];
  const units = task.assigned.flatMap((unit, index) => [ofUnit(task, unit, index), ofOffer(m, task, unit, index)]);
  return [taskQuestion, ...over, ...units];
}

const ofPhase = (task: TaskModel, phase: number): Question => ({
  contract: "SealedBidTender",
  name: "phaseOf",
  args: [task.tenderId],
  expected: [phase],
  says: `phase of the tender of task ${task.id}`,
});

function ofAward(task: TaskModel): Question {
  const awards = task.phase === "awarded" ? awardsOf(task) : [];
  const words = awards.flatMap(({ winner, price }) => [winner, Number(price)]);
  return {
    contract: "SealedBidTender",
    name: "awardOf",
    args: [task.tenderId],
    expected: [32, awards.length, ...words],
    says: `property 10: the award of task ${task.id} is the mechanism's on the revealed bids`,
  };
}

function credits(w: World): readonly Question[] {
  const m = w.model;
  const books = [
    ["TaskMarket", (account: string) => m.marketCredits.get(account) + m.escrowCredits.get(account)],
    ["JobEscrow", (account: string) => m.escrowCredits.get(account)],
    ["DisputePanel", (account: string) => m.panelCredits.get(account)],
  ] as const;
  const accounts = new Set([m.marketCredits, m.escrowCredits, m.panelCredits].flatMap((book) => book.accounts()));
  accounts.delete(m.at.market);
  return [...accounts].flatMap((account) =>
    books.map(([contract, owed]) => ({
      contract,
      name: "creditOf",
      args: [account],
      expected: [owed(account)],
      says: `property 2: nobody is paid twice, or less: ${account}`,
    })),
  );
}

function attesters(w: World): readonly Question[] {
  const contract = "AttesterRegistry" as const;
  return [...w.model.attesters].flatMap(([account, { bonded, locked, leaving, openFaults }]) => [
    {
      contract,
      name: "bondOf",
      args: [account],
      expected: [bonded, locked, leaving.amount, undefined, 0, 0],
      says: `properties 6 and 8: stake and locks of attester ${account}`,
    },
    {
      contract,
      name: "openFaultsOf",
      args: [account],
      expected: [openFaults],
      says: `property 8: accusations that hold attester ${account}`,
    },
    {
      contract,
      name: "rewardOf",
      args: [account],
      expected: [w.model.attesterRewards.get(account)?.amount ?? 0],
      says: `property 11: what ${account} earned`,
    },
  ]);
}

function accusations(w: World): readonly Question[] {
  return w.model.accusations.slice(-20).map(({ id, locked, status, ruling, deadline }) => {
    const expected = Array.from<number | undefined>({ length: ACCUSATION_DEADLINE + 1 });
    expected[ACCUSATION_PENALTY] = locked;
    expected[ACCUSATION_PENALTY + 1] = STATUSES.indexOf(status);
    expected[ACCUSATION_PENALTY + 2] = RULINGS.indexOf(ruling);
    expected[ACCUSATION_DEADLINE] = deadline;
    return { contract: "FalseCapability", name: "accusationOf", args: [id], expected, says: `accusation ${id}` };
  });
}

function keys(w: World): readonly Question[] {
  return [...w.model.keys.values()].map(({ person, agent, to, first, revoked }) => ({
    contract: "AgentLedger" as const,
    name: "keyOf",
    args: [person.address],
    expected: [agent.id, undefined, to, undefined, bool(first), bool(revoked)],
    says: `property 9: ${person.address} is, and remains, of one agent`,
  }));
}

function same(word: string, expected: number | string): boolean {
  if (typeof expected === "string") return `0x${word.slice(24)}` === expected;
  return BigInt(`0x${word}`) === BigInt(expected);
}

async function ask(w: World, questions: readonly Question[]): Promise<void> {
  const looks = questions.map(({ contract, name, args }) => ({
    target: w.address(contract),
    data: w.abi(contract).encodeFunctionData(name, [...args]),
  }));
  const answers = await w.chain.look(looks);
  questions.forEach(({ says, expected, contract, name }, i) => {
    expected.forEach((value, n) => {
      const word = answers[i]?.[n] ?? "";
      if (value === undefined || (word !== "" && same(word, value))) return;
      const shown = word === "" ? "nothing" : BigInt(`0x${word}`);
      throw new PropertyBroken(`${says}: word ${n} of ${contract}.${name} is ${shown}, and should be ${value}`);
    });
  });
}

/** What must hold of the model itself: it would be no measure otherwise. */
function checkModel(w: World): void {
  for (const task of w.model.tasks) {
    if (task.status === "closed" || task.status === "cancelled") continue;
    const held = task.status === "open" ? task.units : task.openUnits;
    if (task.paid + task.refunded + held * task.reserve !== task.units * task.reserve) {
      throw new PropertyBroken(`property 2: paid, refunded and held of task ${task.id} are not its reserve`);
    }
  }
  for (const agent of w.model.agents) {
    if (agent.locked > agent.bonded && freeOf(agent) !== 0) throw new PropertyBroken("property 6");
  }
}

/** A part of everything, at little cost: all balances, and some agents and tasks in turn. */
export async function compareSome(w: World, turn: number): Promise<void> {
  const { agents, tasks } = w.model;
  const some = agents.filter((_, i) => (i + turn) % 4 === 0).flatMap((agent) => ofAgent(w, agent));
  const live = tasks.filter(({ status }, i) => (status === "settled" || status === "open") && (i + turn) % 3 === 0);
  await ask(w, [...balances(w), ...some, ...live.flatMap((task) => ofTask(w.model, task))]);
}

/** Everything, but for tasks that ended long ago. */
export async function compareAll(w: World): Promise<void> {
  checkModel(w);
  const agents = w.model.agents.flatMap((agent) => ofAgent(w, agent));
  const tasks = w.model.tasks.slice(-30).flatMap((task) => ofTask(w.model, task));
  for (const part of [balances(w), agents, tasks, credits(w), keys(w), attesters(w), accusations(w)])
    await ask(w, part);
}
