// The checker of linearizability finds what is none, and takes what is.
import { expect } from "chai";
import { Clients } from "./clients.ts";
import { Cluster } from "./cluster.ts";
import { linearization, type Operation, type SequentialObject } from "./linearizable.ts";
import { register, set } from "./objects.ts";
import { Random } from "./random.ts";
import { drawRegisterCall } from "./scenarios/clients.ts";

const never = Number.POSITIVE_INFINITY;

/** "call: answer @ from-to"; without an answer nobody heard. */
function operations(...texts: readonly string[]): Operation<string>[] {
  return texts.map((text) => {
    const [, call = "", answer, from, to] = /^([^:@]+?)(?:: ([^@]*?))? @ (\d+)-(\d*)$/.exec(text) ?? [];
    return { call, answer, calledAtMs: Number(from), answeredAtMs: to === "" ? never : Number(to) };
  });
}

const isLinearizable = <S>(object: SequentialObject<S, string>, ...texts: readonly string[]): boolean =>
  linearization(object, operations(...texts)) !== undefined;

/** Every order that respects who came after whom, tried one by one: slow, and beyond doubt. */
function someOrderFits<S>(object: SequentialObject<S, string>, all: readonly Operation<string>[], state: S): boolean {
  if (all.every(({ answer }) => answer === undefined)) return true;
  const first = Math.min(...all.map(({ answeredAtMs }) => answeredAtMs));
  return all.some((one, i) => {
    if (one.calledAtMs > first) return false;
    const next = object.apply(state, one.call);
    if (one.answer !== undefined && one.answer !== next.answer) return false;
    return someOrderFits(object, [...all.slice(0, i), ...all.slice(i + 1)], next.state);
  });
}

describe("linearizability", () => {
  it("holds where each operation can take effect between its call and its answer", () => {
    expect(isLinearizable(register, "register write 1: written @ 0-10", "register read: 1 @ 11-12")).to.equal(true);
    // Both at once: either order.
    expect(isLinearizable(register, "register write 1: written @ 0-10", "register read: 0 @ 5-6")).to.equal(true);
    expect(isLinearizable(register, "register write 1: written @ 0-10", "register read: 1 @ 5-6")).to.equal(true);
    expect(isLinearizable(set, "set add 2: added @ 0-9", "set add 1: added @ 0-9", "set read: 1,2 @ 10-11")).to.equal(
      true,
    );
  });

  it("does not hold for a stale read, a lost write, an answer from nowhere, or two swaps of one value", () => {
    expect(isLinearizable(register, "register write 1: written @ 0-10", "register read: 0 @ 11-12")).to.equal(false);
    expect(
      isLinearizable(
        register,
        "register write 1: written @ 0-1",
        "register write 2: written @ 2-3",
        "register read: 1 @ 4-5",
      ),
    ).to.equal(false);
    expect(isLinearizable(register, "register read: 3 @ 0-1")).to.equal(false);
    expect(isLinearizable(register, "register swap 0 1: swapped @ 0-9", "register swap 0 2: swapped @ 0-9")).to.equal(
      false,
    );
    // Seen, and then not seen any more.
    expect(
      isLinearizable(
        register,
        "register write 1: written @ 0-100",
        "register read: 1 @ 10-11",
        "register read: 0 @ 12-13",
      ),
    ).to.equal(false);
    expect(isLinearizable(set, "set add 1: added @ 0-1", "set read:  @ 2-3")).to.equal(false);
    expect(isLinearizable(set, "set add 1: added @ 0-9", "set read: 1 @ 2-3", "set read:  @ 4-5")).to.equal(false);
  });

  it("lets an operation that nobody heard of again take effect late, or never", () => {
    const write = "register write 1 @ 0-";
    expect(isLinearizable(register, write, "register read: 0 @ 100-101")).to.equal(true);
    expect(isLinearizable(register, write, "register read: 0 @ 100-101", "register read: 1 @ 102-103")).to.equal(true);
    expect(isLinearizable(register, write, "register read: 1 @ 100-101", "register read: 0 @ 102-103")).to.equal(false);
  });

  it("is judged as trying every order judges it, in random histories right and wrong", () => {
    const random = new Random(11);
    const verdicts = { holds: 0, fails: 0 };
    for (let round = 0; round < 400; round++) {
      let state = register.initial;
      const history = Array.from({ length: 7 }, (_, i) => {
        const call = drawRegisterCall(random);
        const { state: next, answer } = register.apply(state, call);
        state = next;
        const wrong = random.chance(0.1) ? String(random.below(3)) : answer;
        const calledAtMs = 10 * i - random.below(25);
        const heard = random.chance(0.85);
        return {
          call,
          answer: heard ? wrong : undefined,
          calledAtMs,
          answeredAtMs: heard ? Math.max(calledAtMs, 10 * i) + random.below(25) : never,
        };
      });
      const expected = someOrderFits(register, history, register.initial);
      expect(linearization(register, history) !== undefined, JSON.stringify(history)).to.equal(expected);
      verdicts[expected ? "holds" : "fails"]++;
    }
    expect(verdicts.holds).to.be.greaterThan(50);
    expect(verdicts.fails).to.be.greaterThan(50);
  });

  it("is found broken when validators answer reads from what they have, without ordering them", async function () {
    this.timeout(60_000);
    const cluster = new Cluster({ seed: 5, validators: 4 });
    const clients = new Clients(cluster, { clients: 5, draw: () => drawRegisterCall(cluster.random), glances: true });
    cluster.start();
    await cluster.run(2_000);
    cluster.partition = [0, 0, 0, 1];
    await cluster.run(4_000);
    clients.stop();
    expect(clients.history.length).to.be.greaterThan(100);
    expect(linearization(register, clients.history)).to.equal(undefined);
  });
});
