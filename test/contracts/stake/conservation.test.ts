// RULES, properties 1 and 6: the ledger holds exactly what it owes, and counts exactly what is under way, after any
// sequence of calls, the refused ones included.
import { expect } from "chai";
import { id, isCallException, ZeroAddress } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import {
  type Agent,
  addStake,
  commitBid,
  commitmentOf,
  makeAgents,
  openingOf,
  openTender,
  revealBid,
  signBid,
} from "../actors.ts";
import { asContract, CREDIT, deployRules, PARAMETERS, type Rules } from "../fixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
const RUNS = 6;
const STEPS = 30;
const LOCK = 20n * CREDIT;
const AGENTS = 3;
const KINDS = [
  "stake",
  "unbond",
  "withdraw",
  "open",
  "commit",
  "reveal",
  "finalize",
  "finish",
  "equivocate",
  "wait",
] as const;
type Kind = (typeof KINDS)[number];

/** What the ledger should have under way, kept beside it. */
interface World {
  readonly rules: Rules;
  readonly agents: readonly Agent[];
  readonly tenders: string[];
  /** Commitments not ended, and jobs, by agent. */
  readonly committed: Map<bigint, number>;
  readonly running: Map<bigint, number>;
  readonly succeeded: Set<Kind>;
}

function add(counts: Map<bigint, number>, agentId: bigint, by: number): void {
  counts.set(agentId, (counts.get(agentId) ?? 0) + by);
}

async function deploy() {
  const rules = await deployRules(connection);
  return { rules, agents: await makeAgents(rules, AGENTS) };
}

async function finalizeAndStart(world: World, tenderId: string): Promise<void> {
  const { rules, agents } = world;
  const tender = rules.contracts.SealedBidTender;
  const awards = await tender.finalize.staticCall(tenderId);
  await tender.finalize(tenderId);
  const winners = new Set(awards.map(({ winner }) => winner));
  const market = rules.contracts.AgentLedger.connect(await asContract(rules, rules.at.TaskMarket));
  for (const { agentId, key } of agents) {
    const [commitment] = await tender.commitmentOf(tenderId, key.address);
    if (BigInt(commitment) === 0n) continue;
    add(world.committed, agentId, -1);
    if (!winners.has(key.address)) continue;
    await market.startJob(agentId, 0n);
    add(world.running, agentId, 1);
  }
}

async function equivocate({ rules }: World, agent: Agent, tenderId: string): Promise<void> {
  const sign = async (amount: bigint) => {
    const commitment = commitmentOf(tenderId, agent.key.address, openingOf(amount));
    return { commitment, signature: await signBid(rules, tenderId, agent.agentId, agent.key, commitment) };
  };
  const [a, b] = [await sign(1n), await sign(2n)];
  const evidence = {
    tender: rules.at.SealedBidTender,
    tenderId,
    agentId: agent.agentId,
    slot: 0n,
    commitmentA: a.commitment,
    signatureA: a.signature,
    commitmentB: b.commitment,
    signatureB: b.signature,
    bidderB: ZeroAddress,
  };
  const module = rules.contracts.BidEquivocation.connect(rules.reporter);
  const promise = await module.evidenceCommitment(evidence, rules.reporter.address, id("salt"));
  if ((await module.evidenceCommittedAt(rules.reporter.address, promise)) === 0n) await module.commitEvidence(promise);
  await module.reportCommitted(evidence, id("salt"));
}

async function step(world: World, kind: Kind, pick: number, amount: bigint): Promise<void> {
  const { rules, agents, tenders } = world;
  const agent = agents[pick % agents.length] as Agent;
  const tenderId = tenders[pick % Math.max(tenders.length, 1)] ?? id("no tender yet");
  const ledger = rules.contracts.AgentLedger;
  switch (kind) {
    case "stake":
      return await addStake(rules, agent.agentId, agent.owner, amount);
    case "unbond":
      return void (await ledger.connect(agent.owner).requestUnbonding(agent.agentId, amount));
    case "withdraw":
      return void (await ledger.withdrawUnbonded(agent.agentId));
    case "open":
      return void tenders.push(await openTender(rules, { lock: LOCK, units: 2n, mechanism: rules.at.FirstPrice }));
    case "commit":
      await commitBid(rules, tenderId, agent, 7n);
      return add(world.committed, agent.agentId, 1);
    case "reveal":
      return await revealBid(rules, tenderId, agent, 7n);
    case "finalize":
      return await finalizeAndStart(world, tenderId);
    case "finish": {
      const market = ledger.connect(await asContract(rules, rules.at.TaskMarket));
      await market.finishJob(agent.agentId);
      return add(world.running, agent.agentId, -1);
    }
    case "equivocate":
      return await equivocate(world, agent, tenderId);
    case "wait":
      return void (await networkHelpers.time.increase(pick % 5 === 0 ? PARAMETERS.unbondingDelaySeconds : 101n));
    default:
      return kind satisfies never;
  }
}

/** Rewards that wait for their reporter: held when punished, neither credited nor burned. */
async function heldRewards({ rules }: World): Promise<bigint> {
  const ledger = rules.contracts.AgentLedger;
  const slashed = await ledger.queryFilter(ledger.filters.AgentSlashed());
  const credited = await ledger.queryFilter(ledger.filters.RewardCredited());
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  return sum(slashed.map(({ args }) => args.held)) - sum(credited.map(({ args }) => args.amount));
}

async function check(world: World): Promise<void> {
  const { rules, agents } = world;
  const ledger = rules.contracts.AgentLedger;
  let owed = (await heldRewards(world)) + (await ledger.rewardOf(rules.reporter.address)).amount;
  for (const { agentId } of agents) {
    const record = await ledger.agentOf(agentId);
    owed += record.bonded + (await ledger.unbondingOf(agentId)).amount;
    expect(record.committed, "commitments").to.equal(BigInt(world.committed.get(agentId) ?? 0));
    expect(record.running, "jobs").to.equal(BigInt(world.running.get(agentId) ?? 0));
    if (!record.suspended) expect(record.locked <= record.bonded, "locks are covered").to.equal(true);
  }
  expect(await rules.contracts.Credits.balanceOf(rules.at.AgentLedger), "held = owed").to.equal(owed);
}

describe(`the ledger's books (seed ${SEED})`, () => {
  const succeeded = new Set<Kind>();

  it("hold exactly what they owe, and count what is under way, after any calls", async () => {
    const call = fc.record({
      kind: fc.constantFrom<Kind>(...KINDS, "commit", "commit", "commit", "reveal", "reveal", "wait"),
      pick: fc.nat({ max: 11 }),
      amount: fc.bigInt({ min: 1n, max: 500n * CREDIT }),
    });
    const calls = fc.array(call, { minLength: STEPS, maxLength: STEPS, size: "max" });
    const property = fc.asyncProperty(calls, async (list) => {
      const base = await networkHelpers.loadFixture(deploy);
      const world: World = { ...base, tenders: [], committed: new Map(), running: new Map(), succeeded };
      await step(world, "open", 0, 0n);
      for (const { kind, pick, amount } of list) {
        const refused = await step(world, kind, pick, amount).then(
          () => false,
          (error: unknown) => {
            // Only the rules may refuse; anything else is a fault of the test.
            if (!isCallException(error) && !/reverted with custom error/.test(String(error))) throw error;
            return true;
          },
        );
        if (!refused) succeeded.add(kind);
        await check(world);
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  });

  it("were tried with every kind of call", async () => {
    // What random calls reach only sometimes happens here in order, checked as above.
    const base = await networkHelpers.loadFixture(deploy);
    const world: World = { ...base, tenders: [], committed: new Map(), running: new Map(), succeeded };
    const script: readonly [Kind, number][] = [
      ["stake", 0],
      ["open", 0],
      ["commit", 0],
      ["commit", 1],
      ["commit", 2],
      ["unbond", 0],
      ["wait", 1],
      ["reveal", 0],
      ["reveal", 1],
      ["wait", 1],
      ["finalize", 0],
      ["finish", 0],
      ["equivocate", 0],
      ["wait", 5],
      ["wait", 5],
      ["withdraw", 0],
    ];
    for (const [kind, pick] of script) {
      await step(world, kind, pick, 5n * CREDIT);
      await check(world);
      succeeded.add(kind);
    }
    expect([...succeeded]).to.have.members([...KINDS]);
  });
});
