// Random calls by honest and idle actors, with the books checked after each: nothing is lost, nothing is paid twice,
// and whatever state the calls led to, one stranger can bring every task to its end. The seed is printed on failure;
// SEED=<number> replays it.
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, commitBid, makeAgents, revealBid } from "../actors.ts";
import { CREDIT, deployRules, type Rules } from "../fixture.ts";
import { deliver, postTask } from "../tasks.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const clock = chainClock();

const SEEDS = process.env.SEED === undefined ? [3, 5, 7, 10, 11, 13] : [Number(process.env.SEED)];
const STEPS = 150;
const LIVE_TASKS_MAX = 2;
const TASK = { open: 1n, settled: 2n, closed: 3n, cancelled: 4n };
const UNIT = { assigned: 1n, offered: 2n };
const JOB = { funded: 1n, submitted: 2n };

/** Deterministic numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kinds of calls that succeeded at least once, over all seeds. */
const succeeded = new Set<string>();

/** Block time that moves only when told to, so that a seed replays exactly however slow the machine is. */
function chainClock() {
  const { provider } = connection;
  const request = provider.request.bind(provider);
  let now = 0;
  const timed = /^eth_(estimateGas|sendTransaction|sendRawTransaction)$/;
  provider.request = async (call) => {
    if (now > 0 && timed.test(call.method)) await request({ method: "evm_setNextBlockTimestamp", params: [now] });
    return await request(call);
  };
  return {
    start: async () => {
      now = await networkHelpers.time.latest();
    },
    advance: async (seconds: number) => {
      now += seconds;
      await request({ method: "evm_setNextBlockTimestamp", params: [now] });
      await request({ method: "evm_mine", params: [] });
    },
    stop: () => {
      now = 0;
    },
  };
}

interface World {
  readonly rules: Rules;
  readonly agents: readonly Agent[];
  readonly tenders: Map<bigint, string>;
  readonly bids: Map<string, bigint>;
}

async function world(): Promise<Pick<World, "rules" | "agents">> {
  const rules = await deployRules(connection);
  return { rules, agents: await makeAgents(rules, 4) };
}

const accountsOf = ({ rules, agents }: World): readonly string[] => [
  rules.requester.address,
  rules.evaluator.address,
  rules.stranger.address,
  ...agents.map(({ key }) => key.address),
];

/** Every equation that the books must satisfy at any time. */
async function checkBooks(w: World): Promise<void> {
  const { TaskMarket: market, JobEscrow: escrow, Credits: credits, AgentLedger: ledger } = w.rules.contracts;
  let owedByMarket = 0n;
  let owedByEscrow = await escrow.creditOf(market);
  for (const account of accountsOf(w)) {
    const inEscrow = await escrow.creditOf(account);
    owedByEscrow += inEscrow;
    owedByMarket += (await market.creditOf(account)) - inEscrow;
  }
  const running = new Map<bigint, bigint>();
  for (const taskId of w.tenders.keys()) {
    const task = await market.taskOf(taskId);
    if (task.status === TASK.open) owedByMarket += task.reserve * task.units;
    if (task.status !== TASK.settled) continue;
    let open = 0n;
    for (let unit = 0n; unit < task.units; unit++) {
      const { status, jobId, price, agentId } = await market.assignmentOf(taskId, unit);
      if (status === UNIT.offered) owedByMarket += task.reserve;
      if (status === UNIT.assigned) {
        running.set(agentId, (running.get(agentId) ?? 0n) + 1n);
        const job = await escrow.getJob(jobId);
        const held = job.status === JOB.funded || job.status === JOB.submitted;
        owedByEscrow += held ? price : 0n;
        owedByMarket += held ? task.reserve - price : task.reserve;
      }
      if (status === UNIT.offered || status === UNIT.assigned) open++;
    }
    expect(task.openUnits, "open units").to.equal(open);
  }
  // What a stranger's claimRefund credited to the market in the escrow is the market's until a unit draws it.
  const holdings = (await credits.balanceOf(market)) + (await escrow.creditOf(market));
  expect(holdings, "the market holds what it owes").to.equal(owedByMarket);
  expect(await credits.balanceOf(escrow), "the escrow holds what it owes").to.equal(owedByEscrow);
  for (const { agentId } of w.agents) {
    expect((await ledger.agentOf(agentId)).running, "running jobs").to.equal(running.get(agentId) ?? 0n);
  }
}

/** One random call; most are refused, as most of what strangers try is. */
async function step(w: World, random: () => number): Promise<string> {
  const { rules, agents, tenders, bids } = w;
  const { TaskMarket: market, JobEscrow: escrow } = rules.contracts;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const agent = pick(agents);
  const unit = Math.floor(random() * 2);
  const live: bigint[] = [];
  for (const id of tenders.keys()) {
    if ((await market.taskOf(id)).status <= TASK.settled) live.push(id);
  }
  const taskId = pick([...(random() < 0.9 ? live : tenders.keys())]) ?? 0n;
  const tenderId = tenders.get(taskId) ?? ZeroHash;
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    post: async () => {
      if (live.length >= LIVE_TASKS_MAX) return;
      const mechanism = pick([rules.at.FirstPrice, rules.at.Vickrey, rules.at.UniformPrice, rules.at.PostedPrice]);
      const units = mechanism === rules.at.Vickrey ? 1n : BigInt(1 + unit);
      const disputeWindow = pick([0n, 300n]);
      const posted = await postTask(rules, {
        mechanism,
        units,
        disputeWindow,
        maxReassignments: pick([0n, 1n, 1n, 2n]),
      });
      tenders.set(posted.taskId, posted.tenderId);
    },
    commit: async () => {
      const amount = BigInt(1 + Math.floor(random() * 120)) * CREDIT;
      const free = agents.filter(({ agentId }) => !bids.has(`${tenderId} ${agentId}`));
      const bidder = pick(free) ?? agent;
      await commitBid(rules, tenderId, bidder, amount);
      bids.set(`${tenderId} ${bidder.agentId}`, amount);
    },
    reveal: async () => {
      for (const bidder of agents) {
        const amount = bids.get(`${tenderId} ${bidder.agentId}`);
        if (amount !== undefined && random() < 0.9) await revealBid(rules, tenderId, bidder, amount);
      }
    },
    settle: () => market.connect(rules.stranger).settle(taskId),
    deliver: () => deliver(rules, taskId, unit, agent),
    deliverOwn: async () => {
      const { provider } = await market.assignmentOf(taskId, unit);
      await deliver(rules, taskId, unit, agents.find(({ key }) => key.address === provider) ?? agent);
    },
    accept: () => market.connect(rules.evaluator).giveVerdict(taskId, unit, true, ZeroHash),
    reject: () => market.connect(rules.evaluator).giveVerdict(taskId, unit, false, ZeroHash),
    conclude: () => market.connect(rules.stranger).conclude(taskId, unit),
    reassign: () => market.connect(agent.key as never).acceptReassignment(taskId, unit),
    takeTurn: async () => {
      const { bidder } = await market.candidateOf(taskId, unit);
      const candidate = agents.find(({ key }) => key.address === bidder) ?? agent;
      await market.connect(candidate.key as never).acceptReassignment(taskId, unit);
    },
    cancel: () => market.connect(rules.requester).cancel(taskId),
    withdraw: () => market.withdrawFor(pick(accountsOf(w))),
    claimRefund: async () => escrow.claimRefund((await market.assignmentOf(taskId, unit)).jobId),
    drawForMarket: () => escrow.withdrawFor(market),
    late: () => clock.advance(1_001),
    wait: () => clock.advance(pick([10, 20, 40])),
    lapse: async () => {
      await clock.advance(1_001);
      await market.connect(rules.stranger).conclude(taskId, unit);
    },
    expire: async () => {
      await clock.advance(9 * 86_400);
      await escrow.claimRefund((await market.assignmentOf(taskId, unit)).jobId);
    },
  };
  const name = random() < 0.75 ? pick(await plausibleCalls(w, taskId, unit)) : pick(Object.keys(calls));
  try {
    await calls[name]?.();
    succeeded.add(name);
    return name;
  } catch (error) {
    if (!(error instanceof Error) || !/revert|custom error/.test(error.message)) throw error;
    return `${name} (refused)`;
  }
}

/** Calls that fit the state of a task and unit; without them random calls would hardly ever get anywhere. */
async function plausibleCalls({ rules, tenders }: World, taskId: bigint, unit: number): Promise<readonly string[]> {
  const { TaskMarket: market, SealedBidTender: tender } = rules.contracts;
  if (taskId === 0n) return ["post"];
  const now = BigInt(await networkHelpers.time.latest());
  const { status } = await market.taskOf(taskId);
  const terms = await tender.termsOf(tenders.get(taskId) ?? ZeroHash);
  if (status === TASK.open) {
    if (now <= terms.commitDeadline) return ["commit", "commit", "commit", "commit", "wait", "cancel"];
    return now <= terms.revealDeadline ? ["reveal", "reveal", "reveal", "wait"] : ["settle"];
  }
  const assignment = await market.assignmentOf(taskId, unit);
  if (assignment.status === UNIT.offered) return ["takeTurn", "takeTurn", "takeTurn", "conclude", "wait"];
  if (assignment.status !== UNIT.assigned) return ["post", "withdraw"];
  return ["deliverOwn", "deliverOwn", "accept", "reject", "late", "lapse", "expire", "conclude", "wait"];
}

/** What a single stranger does to end everything: settle, then conclude every unit, as often as time allows. */
async function endAll(w: World): Promise<void> {
  const market = w.rules.contracts.TaskMarket.connect(w.rules.stranger);
  await clock.advance(1_000);
  for (const taskId of w.tenders.keys()) {
    if ((await market.taskOf(taskId)).status === TASK.open) await market.settle(taskId);
  }
  // Delivery, verdict and dispute windows, then all acceptance windows; nobody else does anything any more.
  for (let round = 0; round < 2; round++) {
    await clock.advance(2_000);
    for (const taskId of w.tenders.keys()) {
      const { status, units } = await market.taskOf(taskId);
      if (status !== TASK.settled) continue;
      for (let unit = 0n; unit < units; unit++) {
        const assignment = await market.assignmentOf(taskId, unit);
        if (assignment.status === UNIT.assigned || assignment.status === UNIT.offered)
          await market.conclude(taskId, unit);
      }
    }
  }
}

afterEach(() => clock.stop());

describe("TaskMarket: conservation of credits", () => {
  for (const seed of SEEDS) {
    it(`keeps its books over random calls, and ends every task (seed ${seed})`, async () => {
      const w: World = { ...(await networkHelpers.loadFixture(world)), tenders: new Map(), bids: new Map() };
      await clock.start();
      const random = randomFrom(seed);
      const log: string[] = [];
      const { TaskMarket: market, JobEscrow: escrow, Credits: credits } = w.rules.contracts;
      try {
        for (let i = 0; i < STEPS; i++) {
          log.push(await step(w, random));
          if (!log.at(-1)?.endsWith("(refused)")) await checkBooks(w);
        }
        await endAll(w);
        await checkBooks(w);
      } catch (error) {
        console.log(`        seed ${seed}: ${log.join(", ")}`);
        throw error;
      }
      if (process.env.SEED !== undefined) console.log(`        ${log.join(", ")}`);
      for (const taskId of w.tenders.keys()) {
        expect((await market.taskOf(taskId)).status, `task ${taskId}`).to.be.oneOf([TASK.closed, TASK.cancelled]);
      }
      for (const account of accountsOf(w)) await market.withdrawFor(account);
      expect(await credits.balanceOf(market)).to.equal(0n);
      expect(await credits.balanceOf(escrow)).to.equal(0n);
    }).timeout(60_000);
  }

  it("tried every kind of call with success", function () {
    if (process.env.SEED !== undefined) this.skip();
    const ends = ["accept", "reject", "conclude", "lapse", "takeTurn", "expire", "cancel", "withdraw", "drawForMarket"];
    expect([...succeeded]).to.include.members(["post", "commit", "reveal", "settle", "deliverOwn", ...ends]);
  });
});
