// What `npm run coverage` counts as branches.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { instrument, linesOf, OUTCOMES, outcomesSource } from "../../scripts/coverage/conditions.ts";
import { contractFiles, parse } from "../../scripts/mutate/contractSources.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made = (file: string, first = 0) => instrument(file, readFileSync(join(root, file)), parse(root, file), first);

describe("the branches that coverage counts", () => {
  it("are the parts of every condition, each through a function of its own", () => {
    const { source, conditions } = made("contracts/stake/KeyWord.sol", 7);
    const found = conditions.map(({ where, text }) => `${where}: ${text}`);
    expect(found).to.deep.equal([
      "KeyWords.begun: first_",
      "KeyWords.ended: k.to() == 0",
      "KeyWords.serves: k.from() > openedAt",
      "KeyWords.serves: end == 0",
      "KeyWords.serves: end > openedAt",
    ]);
    expect(source.toString()).to.include(`return ${OUTCOMES}.at10(end == 0) || ${OUTCOMES}.at11(end > openedAt);`);
  });

  it("leave the contracts' text and lines as they are", () => {
    for (const file of contractFiles(root)) {
      const { source, conditions } = made(file);
      const original = readFileSync(join(root, file), "utf8");
      const opened = source.toString().split(`${OUTCOMES}.at`).length - 1;
      expect(opened, file).to.equal(conditions.length);
      const kept = source
        .toString()
        .split("\n")
        .slice(0, original.split("\n").length - 1);
      const withoutCalls = (text: string): string =>
        text.replaceAll(new RegExp(`${OUTCOMES}\\.at\\d+\\(|[()]`, "g"), "");
      expect(withoutCalls(kept.join("\n")), file).to.equal(withoutCalls(original.trimEnd()));
      for (const { line, text } of conditions) {
        expect(original.split("\n")[line - 1], `${file}:${line}`).to.include(text.split(" ")[0]);
      }
    }
  }).timeout(60_000);

  it("are told apart by the lines of their functions", () => {
    const lines = outcomesSource(3).split("\n");
    for (const index of [0, 1, 2]) {
      const [whenTrue, whenFalse] = linesOf(index);
      expect([lines[whenTrue - 1]?.trim(), lines[whenFalse - 1]?.trim()]).to.deep.equal([
        "return true;",
        "return false;",
      ]);
      expect(lines[whenTrue - 3]).to.include(`function at${index}(`);
    }
  });
});
