// Documents that name tests: docs/rules.md and docs/threat-model.md end each row with the titles of the tests that hold it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Documents whose tables name tests in their last column. */
const documents = ["docs/rules.md", "docs/threat-model.md"];

/** Every title in the test-suite, as a pattern: what a title takes from a variable may be anything. */
function titlePatterns(root: string): readonly RegExp[] {
  const files = readdirSync(join(root, "test"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  return files.flatMap((text) =>
    [...text.matchAll(/\b(?:it|describe)\(\s*(["'`])((?:\\.|(?!\1)[\s\S])*)\1/g)].map(([, , title = ""]) => {
      const parts = title.replaceAll(/\\(.)|`/g, "$1").split(/\$\{[^}]*\}/);
      return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`);
    }),
  );
}

export interface NamedTests {
  readonly count: number;
  /** Names that no test has, with their places. */
  readonly missing: readonly string[];
  /** Rows that name no test. */
  readonly unheld: readonly string[];
}

/** Looks up every test that the documents name. */
export function namedTests(root: string): NamedTests {
  const patterns = titlePatterns(root);
  const missing: string[] = [];
  const unheld: string[] = [];
  let count = 0;
  for (const document of documents) {
    const lines = readFileSync(join(root, document), "utf8").split("\n");
    for (const [i, line] of lines.entries()) {
      const isRow = line.startsWith("|") && !/^\|[\s|:-]+\|$/.test(line) && !/^\|[\s|:-]+\|$/.test(lines[i + 1] ?? "");
      if (!isRow) continue;
      const last =
        line
          .replace(/\|\s*$/, "")
          .split(" | ")
          .at(-1) ?? "";
      const names = [...last.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      count += names.length;
      if (names.length === 0) unheld.push(`${document}:${i + 1}: ${line}`);
      for (const name of names) {
        if (!patterns.some((pattern) => pattern.test(name))) missing.push(`${document}:${i + 1}: ${name}`);
      }
    }
  }
  return { count, missing, unheld };
}
