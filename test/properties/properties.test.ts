// docs/rules.md: random sequences of calls by honest and dishonest actors, with the contracts held against a
// model of their own after every other block. The seed is in the title; ALLOT_TEST_SEED=<number> replays it.
import { expect } from "chai";
import { network } from "hardhat";
import { CROWD_NETWORK } from "./crowdChain.ts";
import { Runs } from "./run.ts";
import { Tally } from "./tally.ts";

const SEED = Number(process.env.ALLOT_TEST_SEED ?? Date.now() % 2 ** 31);
const CALLS = Number(process.env.ALLOT_TEST_CALLS ?? 200_000);
/** Against hanging, not against a busy machine. */
const LIMIT_MS = 30 * 60_000;
/** Calls that only other modules may make. */
const NEVER = ["intrude"];
const ENOUGH_CALLS = 100_000;

describe(`the market's properties (seed ${SEED})`, () => {
  const tally = new Tally();

  it("hold after any sequence of calls by honest and dishonest actors", async () => {
    const runs = await Runs.begin((await network.create(CROWD_NETWORK)) as never);
    for (let seed = SEED; tally.calls < CALLS; seed++) await runs.run(seed, tally);
    console.log(String(tally).replaceAll(/^/gm, "    "));
  }).timeout(LIMIT_MS);

  it("were tried with calls of which the rules permit a good part, and of every kind some", () => {
    expect(tally.done / tally.calls).to.be.greaterThan(0.4);
    if (tally.calls > ENOUGH_CALLS) expect([...tally.succeeded, ...NEVER]).to.include.members([...tally.kinds]);
  });
});
