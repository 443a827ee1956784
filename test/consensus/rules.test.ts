import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ruleRemovals, table } from "./ruleRemovals.ts";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

describe("consensus: the list of rules", () => {
  it("names places that are in the core, so that every rule can still be taken out", () => {
    for (const { rule, edits } of ruleRemovals) {
      for (const { file, find } of edits) expect(read(file).includes(find), `${rule} ${file}: ${find}`).to.equal(true);
    }
  });

  it("is the one in the documentation (node test/consensus/removeRules.ts --docs)", () => {
    expect(read("docs/consensus-rules.md")).to.equal(table());
  });
});
