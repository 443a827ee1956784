// The fuzzer itself: what it must notice beside wrong answers.
import { expect } from "chai";
import { fuzz } from "./fuzz.ts";
import type { Target } from "./target.ts";

const budget = { seed: 1, seconds: 60, executionsMax: 30_000 };

const target = (run: (input: number) => boolean): Target => ({
  name: "a reader",
  make: (random) => random.below(10_000),
  run: (input) => run(input as number),
});

/** Busy for so much time of the processor. */
function spin(durationMs: number): void {
  const spentMs = (): number => process.threadCpuUsage().user / 1_000;
  for (const end = spentMs() + durationMs; spentMs() < end; );
}

describe("the fuzzer finds", function () {
  this.timeout(120_000);

  it("an input that keeps everything else waiting, and no other", async () => {
    const { finds } = await fuzz(
      target((input) => {
        if (input === 777) spin(80);
        return true;
      }),
      budget,
    );
    expect(finds.length).to.be.greaterThan(0);
    expect(finds.map(({ input }) => input)).to.deep.equal(finds.map(() => ({ json: 777 })));
    expect(finds[0]?.reason).to.contain("keeps everything else waiting");
  });

  it("a reader that keeps what it read", async () => {
    const kept: Uint8Array[] = [];
    const { finds, keptBytes } = await fuzz(
      target(() => {
        kept.push(new Uint8Array(10_000));
        return true;
      }),
      budget,
    );
    expect(keptBytes).to.be.greaterThan(90_000_000);
    expect(finds.map(({ reason }) => reason)).to.deep.equal([`30000 inputs left ${keptBytes} bytes behind`]);
    expect(kept).to.have.length(30_000);
  });

  it("what is neither accepted nor refused", async () => {
    const { finds } = await fuzz(
      target((input) => {
        if (input === 777) throw new TypeError("undefined is not a function");
        return true;
      }),
      budget,
    );
    expect(finds[0]?.reason).to.contain("undefined is not a function");
  });
});
