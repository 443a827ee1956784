import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function model(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  return { status, stdout, complaint: stderr.split("\n")[0] };
}

describe("npm run model", function () {
  this.timeout(60_000);

  it("says how much there was and that it was all", () => {
    const { status, stdout } = model("--views", "1");
    expect(status).to.equal(0);
    expect(stdout).to.match(/depth 8, 90 states, .*\nall there are within the bound\n/);
  });

  it("says when its bound came first", () => {
    expect(model("--views", "2", "--states", "100").stdout).to.include("not all there are: raise --states for more");
  });

  it("tells a violation step by step and fails", () => {
    const { status, stdout } = model("--views", "1", "--without", "no-nullify");
    expect(status).to.equal(1);
    expect(stdout).to.include("VIOLATED: an honest validator has signed two statements that convict it");
    expect(stdout).to.match(/4\. A accepts the notarization of 1a: Finalize\(1a\)/);
    expect(stdout).to.include("A signed: Nullify(1) Finalize(1a)");
  });

  it("holds model and core against each other, both ways", () => {
    const { status, stdout } = model("--traces", "20", "--views", "2", "--restarts", "1");
    expect(status).to.equal(0);
    expect(stdout).to.match(/traces of the model followed by cores: 20 from seed 1, .*, 0 different\n/);
    expect(stdout).to.match(/runs of cores followed by the model: 20 from seed 1, 6,000 steps, .*, 0 different\n/);
  });

  for (const [args, complaint] of [
    [["--views", "99"], 'model: --views must be a whole number from 1 to 10, not "99"'],
    [["--view", "1"], "model: Unknown option '--view'"],
    [["--without", "gravity"], 'model: --without: there is no rule "gravity"; --rules lists them'],
    [["--liars", "3"], "model: 3 liars of 4 are a quorum by themselves: at most 2"],
    [["--leaders", "7"], 'model: --leaders must be "liars" or the 1 different places of the liars, each from 0 to 3'],
    [["--views", "6", "--variants", "3"], "bits, at most 32 are possible: fewer views, variants or restarts"],
  ] as const) {
    it(`refuses ${args.join(" ")} with a sentence`, () => {
      const { status, complaint: said } = model(...args);
      expect(status).to.equal(2);
      expect(said).to.include(complaint);
    });
  }
});
