import { readFileSync } from "node:fs";
import { expect } from "chai";
import { step } from "../../node/consensus/step.ts";
import { chaos } from "../simulation/chaos.ts";
import { Cluster } from "../simulation/cluster.ts";
import { describe as asText } from "../simulation/trace.ts";
import { transcripts } from "./transcripts.ts";

describe("consensus: transcripts", () => {
  for (const [name, text] of transcripts()) {
    it(`${name} goes as it is written down`, () => {
      const file = new URL(`../vectors/transcripts/${name}.txt`, import.meta.url);
      expect(text).to.equal(readFileSync(file, "utf8"));
    });
  }
});

describe("consensus: purity", async () => {
  it("a step leaves its state as it was: taken again from it, much later, it gives the same effects", async () => {
    const cluster = new Cluster({ seed: 5, validators: 4, network: { loss: 0.1, duplication: 0.1 } });
    const steps: { before: Parameters<typeof step>[0]; input: Parameters<typeof step>[1]; effects: string }[] = [];
    cluster.onStep = (before, input, effects) => {
      steps.push({ before, input, effects: effects.map(asText).join("\n") });
    };
    await chaos(cluster, { transactions: 20, crash: 0.2, partition: 0.1 });
    expect(steps.length).to.be.greaterThan(1_000);
    for (const { before, input, effects } of steps) {
      expect(step(before, input).effects.map(asText).join("\n")).to.equal(effects);
    }
  });
});
