import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readMarketFile } from "../../scripts/demo/marketFile.ts";

const example = fileURLToPath(new URL("../../examples/market.json", import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: a file as a person may have edited it, whatever that made of it.
type Edited = any;

describe("the market file", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "allot-market-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What reading the example says after somebody edited it. */
  function refusal(edit: (market: Edited) => void): string {
    const market = JSON.parse(readFileSync(example, "utf8"));
    for (const task of market.tasks) task.file = example;
    edit(market);
    const path = join(folder, "market.json");
    writeFileSync(path, JSON.stringify(market));
    try {
      readMarketFile(path);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }

  it("is read as the example stands, and shows every behaviour, a panel and a wrong verdict", () => {
    expect(refusal(() => undefined)).to.equal("");
    const { agents, tasks, evaluator } = readMarketFile(example);
    const behaviours = new Set(agents.map(({ behaviour }) => behaviour));
    expect([...behaviours].sort()).to.deep.equal([
      "honest",
      "lapses",
      "never-delivers",
      "signs-against-commit",
      "signs-two-bids",
    ]);
    expect(evaluator.misjudges).to.be.above(0);
    expect(tasks.filter(({ disputable }) => disputable).length).to.be.above(evaluator.misjudges);
  });

  const mistakes: readonly (readonly [string, (market: Edited) => void, RegExp])[] = [
    [
      "a behaviour that there is not",
      ({ agents }) => {
        agents[0].behaviour = "sleeps";
      },
      /agents.*0.*behaviour.*must be one of honest, never-delivers, signs-two-bids/,
    ],
    [
      "an agent on the panel that is not honest",
      ({ agents }) => {
        agents.find((one: Edited) => one.behaviour === "lapses").panel = true;
      },
      /agents.*10.*panel.*only honest ones/,
    ],
    [
      "too few agents to decide a dispute",
      ({ agents }) => {
        for (const one of agents.slice(3)) one.panel = false;
      },
      /tasks.*disputable.*needs 4 agents outside \w+-org with "panel": true/,
    ],
    [
      "more wrong verdicts than disputable tasks",
      (market) => {
        market.evaluator.misjudges = 3;
      },
      /evaluator.*misjudges.*only 2 tasks are disputable/,
    ],
    [
      "an agent for whom there is no work",
      ({ tasks }) => {
        for (const one of tasks) if (one.kind === "digest") one.kind = "count-words";
      },
      /agents.*7.*work.*no task of another organisation asks for anything that hal does/,
    ],
    [
      "a requester that there is not",
      ({ tasks }) => {
        tasks[4].requester = "nobody";
      },
      /tasks.*4.*requester.*there is no requester nobody/,
    ],
    [
      "two agents of one organisation",
      ({ agents }) => {
        agents[1].organisation = agents[0].organisation;
      },
      /agents.*1.*organisation.*has an agent already/,
    ],
    [
      "a field that there is not",
      ({ windows }) => {
        windows.lunchSeconds = 5;
      },
      /windows.*lunchSeconds/,
    ],
    [
      "a file that there is not",
      ({ tasks }) => {
        tasks[7].file = "no-such-file";
      },
      /tasks.*7.*file.*there is no file/,
    ],
  ];

  for (const [what, edit, message] of mistakes) {
    it(`is refused for ${what}, with the place and the reason`, () => {
      expect(refusal(edit).replaceAll("\n", " ")).to.match(message);
    });
  }
});
