// Accusations of false capabilities, as the tests of the rules make and decide them.
import { id } from "ethers";
import {
  type Agent,
  commitBid,
  finalize,
  makeAgent,
  openTender,
  type TenderOptions,
  toFinalize,
  toReveal,
} from "./actors.ts";
import { attest, attestationWorld, DIGEST, makeAttester } from "./attestations.ts";
import { type Connection, CREDIT, govern, PARAMETERS, type Rules, type Signer } from "./fixture.ts";

export const RULING = { none: 0, agent: 1, attester: 2, unproven: 3, falseAccusation: 4 } as const;
export const ACCUSATION = { none: 0n, gathering: 1n, deciding: 2n, decided: 3n, lapsed: 4n } as const;
export const REPORT = id("what the accuser's test showed");

/** What an agent staked with 1,000 credits is accused of costs a fifth of it. */
export const PENALTY = 200n * CREDIT;
/** What each attester here has at stake. */
export const ATTESTER_STAKE = 500n * CREDIT;
export const REWARD = (PENALTY * PARAMETERS.rewardShareBps) / 10_000n;

export type AccusationWorld = Awaited<ReturnType<typeof accusationWorld>>;

export interface Charge {
  readonly resolver: string;
  readonly uid: string;
  readonly tender: string;
  readonly tenderId: string;
  readonly bidder: string;
}

/** An agent that bid with what the first attester attested, a rival that bid too, and attesters who did not. */
export async function accusationWorld(connection: Connection) {
  const base = await attestationWorld(connection);
  const { rules, agent } = base;
  const rival = await makeAgent(rules, 1);
  const accusers = [rules.reporter, rules.evaluator, rules.owners[6] as Signer] as const;
  for (const attester of [rules.operator, rules.requester, agent.owner, rival.owner, ...accusers]) {
    await makeAttester(rules, attester, ATTESTER_STAKE);
  }
  const uid = await attest(base);
  await attest({ ...base, agent: rival });
  const tenderId = await openTender(rules, { requirements: [REQUIREMENT] });
  await commitBid(rules, tenderId, agent, 50n * CREDIT);
  await commitBid(rules, tenderId, rival, 60n * CREDIT);
  await toReveal(rules, tenderId);
  const module = rules.contracts.FalseCapability;
  return { ...base, module, rival, accusers, uid, tenderId, charge: chargeOf(rules, agent, uid, tenderId) };
}

export const REQUIREMENT = { capability: DIGEST, level: 2, attester: `0x${"0".repeat(40)}` } as const;

export const chargeOf = (rules: Rules, agent: Agent, uid: string, tenderId: string): Charge => ({
  resolver: rules.at.CapabilityResolver,
  uid,
  tender: rules.at.SealedBidTender,
  tenderId,
  bidder: agent.key.address,
});

/** Another tender in which the agent bids, until it takes no more bids. */
export async function bidAgain(w: AccusationWorld, options: Partial<TenderOptions> = {}): Promise<string> {
  const tenderId = await openTender(w.rules, { requirements: [REQUIREMENT], ...options });
  await commitBid(w.rules, tenderId, w.agent, 50n * CREDIT);
  await toReveal(w.rules, tenderId);
  return tenderId;
}

/** Brings the tender to its end; nobody revealed, so the locks are burned, and the agent is free. */
export async function endTender({ rules, tenderId }: AccusationWorld): Promise<void> {
  await toFinalize(rules, tenderId);
  await finalize(rules, tenderId);
}

/** Begins an accusation, and gives its id. */
export async function accuse(w: AccusationWorld, charge = w.charge, by: Signer = w.accusers[0]): Promise<bigint> {
  await (await w.module.connect(by).accuse(charge, REPORT)).wait();
  return await w.module.accusationCount();
}

/** An accusation with as many accusers as are needed. */
export async function accuseTogether(w: AccusationWorld, charge = w.charge): Promise<bigint> {
  const accusationId = await accuse(w, charge);
  await (await w.module.connect(w.accusers[1]).second(accusationId, REPORT)).wait();
  return accusationId;
}

/** The operators' decision. */
export async function decide(w: AccusationWorld, accusationId: bigint, ruling: number): Promise<void> {
  const data = w.module.interface.encodeFunctionData("decide", [accusationId, ruling]);
  await govern(w.rules, w.rules.at.FalseCapability, data);
}

/** Moves time to the first second after the accusation's deadline. */
export async function pastDeadline(w: AccusationWorld, accusationId: bigint): Promise<void> {
  const { deadline } = await w.module.accusationOf(accusationId);
  await w.rules.connection.networkHelpers.time.increaseTo(deadline + 1n);
}

/** What an attester has locked, and has. */
export async function stakeOf({ attesters }: AccusationWorld, attester: Signer) {
  const { bonded, locked } = await attesters.bondOf(attester);
  return { bonded, locked };
}

/** What a register of stake holds for an accuser. */
export async function rewardOf(
  register: { rewardOf(account: Signer): Promise<{ amount: bigint }> },
  account: Signer,
): Promise<bigint> {
  return (await register.rewardOf(account)).amount;
}
