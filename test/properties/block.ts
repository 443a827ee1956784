// One step of a run: time passes, the operators may act, and a crowd makes its calls in one block. The model says
// beforehand which of them the rules permit; then the contracts are compared with it.
import type fc from "fast-check";
import { parameterNames } from "../../contracts/deploy/parameters.ts";
import { CREDIT } from "../contracts/fixture.ts";
import { compareAll, compareSome, PropertyBroken } from "./comparison.ts";
import { decide, RULINGS, rulingsOn } from "./model/accusations.ts";
import { deadlines } from "./model/deadlines.ts";
import { DIGEST, EVALUATION, type Model } from "./model/model.ts";
import { makeAccusation, makeReward } from "./moves/accusing.ts";
import * as bidding from "./moves/bidding.ts";
import * as denouncing from "./moves/denouncing.ts";
import * as staking from "./moves/staking.ts";
import * as working from "./moves/working.ts";
import { Picker } from "./picker.ts";
import type { Tally } from "./tally.ts";
import { MEMBERS_FROM, type World } from "./world.ts";

type MakeMove = (w: World, pick: Picker) => void;

/** Kinds of moves and how often each is drawn. */
const MOVES: readonly (readonly [number, MakeMove])[] = [
  [12, bidding.makePost],
  [20, bidding.makeCommit],
  [18, bidding.makeReveal],
  [2, bidding.makeFinalize],
  [6, bidding.makeSettle],
  [1, bidding.makeCancel],
  [12, working.makeSubmit],
  [9, working.makeVerdict],
  [14, working.makeConclude],
  [12, working.makeAccept],
  [10, working.makeObjection],
  [14, working.makeVote],
  [12, working.makeVoteReveal],
  [4, working.makeDisputeEnd],
  [3, working.makeTheft],
  [2, working.makeClaim],
  [5, staking.makeStake],
  [3, staking.makeUnbonding],
  [3, staking.makeUnbondedWithdrawal],
  [1, staking.makeCapacity],
  [3, staking.makeKey],
  [1, staking.makeRevocation],
  [2, staking.makeTransfer],
  [2, staking.makeMembership],
  [8, staking.makeWithdrawal],
  [2, staking.makeGift],
  [4, staking.makeOwnJob],
  [3, staking.makeIntrusion],
  [4, makeAccusation],
  [2, makeReward],
  [6, denouncing.makeDenunciation],
  [6, denouncing.makeSeconding],
  [2, denouncing.makeClosing],
  [4, denouncing.makeAttesterStake],
];

/** What fast-check draws for a move: its kind, as a place in the weighted list, and a number that decides the rest. */
export const WEIGHTED_MOVES = MOVES.flatMap(([weight, move]) => Array.from({ length: weight }, () => move));

export interface MoveSpec {
  readonly move: MakeMove;
  readonly seed: number;
}

export interface BlockSpec {
  readonly seed: number;
  readonly moves: readonly MoveSpec[];
}

/** What the operators set the minimum stake to, in credits: tasks keep the one that they were posted under. */
const MIN_STAKES = [50, 100, 200, 400];

/** Turns between comparisons of everything. */
const FULL_COMPARISON_BLOCKS = 8;

export class Block implements fc.AsyncCommand<object, World> {
  readonly #spec: BlockSpec;
  readonly #tally: Tally;

  constructor(spec: BlockSpec, tally: Tally) {
    this.#spec = spec;
    this.#tally = tally;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, w: World): Promise<void> {
    const pick = new Picker(this.#spec.seed);
    w.model.now = nextTime(w.model, pick);
    if (pick.chance(0.4)) await operate(w, pick, this.#tally);
    w.model.block += 1;
    for (const { move, seed } of this.#spec.moves) move(w, new Picker(seed));
    await playBlock(w, this.#tally);
    if (w.model.block % FULL_COMPARISON_BLOCKS === 0) await compareAll(w);
    else if (w.model.block % 2 === 0) await compareSome(w, w.model.block / 2);
  }

  toString(): string {
    return `block(${this.#spec.seed}, ${this.#spec.moves.map(({ move, seed }) => `${move.name} ${seed}`).join(", ")})`;
  }
}

/** Plays what has been made, and holds every result against what the model said. */
export async function playBlock(w: World, tally: Tally): Promise<void> {
  w.chain.now = w.model.now;
  const made = w.made;
  w.made = [];
  const played = await w.chain.play(made);
  made.forEach(({ kind, told, actor, expected }, i) => {
    const done = played[i]?.done === true;
    tally.add(kind, done);
    if (done === expected) return;
    const verb = expected ? `was refused with ${played[i]?.word.slice(0, 10)}` : "was permitted";
    const by = w.people.find(({ address }) => address === actor)?.name ?? actor;
    throw new PropertyBroken(`at ${w.model.now}, ${by} calling ${told} ${verb}, against the rules as modelled`);
  });
  await w.enlivenNew();
}

/** The same second, a little later, at a deadline or just past it, and now and then far away. */
function nextTime(m: Model, pick: Picker): number {
  const choice = pick.next();
  if (choice < 0.1) return m.now;
  if (choice < 0.4) return m.now + 1 + pick.below(40);
  if (choice < 0.405) return m.now + m.figures.unbondingDelay;
  const next = deadlines(m).filter((deadline) => deadline >= m.now);
  const deadline = next[pick.below(Math.min(3, next.length))] ?? m.now + 30;
  return choice < 0.7 ? deadline : deadline + 1;
}

/** What operators and attesters do: list and delist, reinstate, change the minimum stake, attest and revoke, decide
 * accusations. */
async function operate(w: World, pick: Picker, tally: Tally): Promise<void> {
  const m = w.model;
  if (pick.chance(0.35) && (await decideAccusation(w, pick, tally))) return;
  const suspended = m.agents.filter((agent) => agent.suspended && agent.openFaults === 0);
  const agent = pick.of(m.agents);
  if (agent === undefined) return;
  let person = pick.of(w.people.slice(0, -1)) ?? w.stranger;
  const choice = pick.next();
  if (suspended.length > 0 && choice < 0.6) {
    const freed = pick.of(suspended) ?? agent;
    await w.govern("Operators", "AgentLedger", "reinstate", [freed.id]);
    freed.suspended = false;
  } else if (choice < 0.65) {
    // Whoever is delisted is listed again before anybody else is delisted: a market of outcasts does nothing.
    const outcast = w.people.find(({ address }) => m.delistedMembers.has(address));
    if (outcast !== undefined) person = outcast;
    const listed = outcast !== undefined;
    await w.govern("Operators", "Permissions", "setMemberActive", [person.address, listed]);
    if (listed) m.delistedMembers.delete(person.address);
    else m.delistedMembers.add(person.address);
  } else if (choice < 0.75) {
    const [outcast] = m.delistedOrganisations;
    const organisation = outcast ?? m.organisation(person.address);
    const listed = outcast !== undefined;
    await w.govern("Operators", "Permissions", "setOrganisationActive", [organisation, listed]);
    if (listed) m.delistedOrganisations.delete(organisation);
    else m.delistedOrganisations.add(organisation);
  } else if (choice < 0.8) {
    m.figures.minStake = (pick.of(MIN_STAKES) ?? 1) * Number(CREDIT);
    const change = { parameter: parameterNames.indexOf("minStake"), value: m.figures.minStake };
    await w.govern("Operators", "Parameters", "set", [[change]]);
  } else if (choice < 0.93) {
    const capability = agent.id < MEMBERS_FROM ? DIGEST : EVALUATION;
    await w.attest(agent, capability, 1 + pick.below(3), m.now + 1_000 + pick.below(1_000_000));
  } else await w.revoke(agent, DIGEST);
  tally.add("operators", true);
}

/** Operators decide one of the accusations before them, whoever is right. */
async function decideAccusation(w: World, pick: Picker, tally: Tally): Promise<boolean> {
  const accusation = pick.of(w.model.accusations.filter((one) => rulingsOn(w.model, one).length > 0));
  const ruling = accusation === undefined ? undefined : pick.of(rulingsOn(w.model, accusation));
  if (accusation === undefined || ruling === undefined) return false;
  await w.govern("Operators", "FalseCapability", "decide", [accusation.id, RULINGS.indexOf(ruling)]);
  decide(w.model, accusation, ruling);
  tally.add(`rule ${ruling}`, true);
  return true;
}
