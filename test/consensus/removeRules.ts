// Takes each rule out of a copy of the core and runs the test that guards it: the test must fail.
//   node test/consensus/removeRules.ts [part of a rule or test]   try them
//   node test/consensus/removeRules.ts --docs                     write docs/consensus-rules.md
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuleRemoval } from "./ruleRemoval.ts";
import { ruleRemovals, table } from "./ruleRemovals.ts";

const root = new URL("../../", import.meta.url).pathname;

function withRuleRemoved(removal: RuleRemoval, run: (folder: string) => boolean): boolean {
  const folder = mkdtempSync(join(tmpdir(), "allot-rules-"));
  try {
    for (const part of ["node", "test/consensus", "test/simulation", "test/vectors", "package.json"]) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const { file, find, replace } of removal.edits) {
      const path = join(folder, file);
      const source = readFileSync(path, "utf8");
      if (!source.includes(find))
        throw new Error(`${file} has no "${find}": the removal of "${removal.rule}" is out of date`);
      writeFileSync(
        path,
        source.replace(find, () => replace),
      );
    }
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mocha = (folder: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, "node_modules/mocha/bin/mocha.js"), ...args, "test/consensus/**/*.test.ts"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });

/** Does the rule's test pass in this folder? */
const passes = (folder: string, { test }: RuleRemoval): boolean =>
  mocha(folder, ["--reporter", "dot", "-f", test]).status === 0;

/** A removal that names no test would always seem to be noticed. */
function requireTests(removals: readonly RuleRemoval[]): void {
  const { stdout } = mocha(root, ["--reporter", "json"]);
  const report = JSON.parse(stdout) as { passes: { fullTitle: string }[] };
  for (const { rule, test } of removals) {
    if (report.passes.some(({ fullTitle }) => fullTitle.includes(test))) continue;
    throw new Error(`the test of "${rule}" does not exist or fails: ${test}`);
  }
}

function tryAll(filter: string): void {
  const chosen = ruleRemovals.filter(({ rule, test }) => rule.includes(filter) || test.includes(filter));
  requireTests(chosen);
  let survivors = 0;
  for (const removal of chosen) {
    const survived = withRuleRemoved(removal, (folder) => passes(folder, removal));
    if (survived) survivors++;
    console.log(`${survived ? "NOT NOTICED" : "noticed    "}  ${removal.rule}`);
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} removals noticed`);
  process.exitCode = survivors === 0 && chosen.length > 0 ? 0 : 1;
}

if (process.argv[2] === "--docs") writeFileSync(join(root, "docs/consensus-rules.md"), table());
else tryAll(process.argv[2] ?? "");
