// The house rules that a machine can check. Each names the file and the line that breaks it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { longFiles } from "./longFiles.ts";
import { namedTests } from "./namedTests.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly lines: readonly string[];
}

function filesUnder(folder: string, extensions: readonly string[]): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { path: relative(root, file), lines: readFileSync(file, "utf8").split("\n") };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const product = ["node", "sdk", "scripts", "contracts"].flatMap((folder) => filesUnder(folder, [".ts", ".mjs"]));
const tests = filesUnder("test", [".ts"]);
const rules = filesUnder("contracts", [".sol"]);
const own = "test/tidy.test.ts";

const under =
  (...folders: string[]) =>
  (file: SourceFile): boolean =>
    folders.some((folder) => file.path.startsWith(`${folder}/`));
const isComment = (line: string): boolean => /^\s*(\/\/|\*|\/\*)/.test(line);

/** Places where a line of code matches, as "path:line: text". */
function places(
  files: readonly SourceFile[],
  pattern: RegExp,
  options: { readonly comments?: boolean } = {},
): readonly string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, i) => {
      if (!pattern.test(line) || (options.comments !== true && isComment(line))) return [];
      return [`${path}:${i + 1}: ${line.trim()}`];
    }),
  );
}

/** What a file imports, in the order of its text. */
function importsOf({ lines }: SourceFile): readonly string[] {
  const text = lines.join("\n");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?\sfrom\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Module that a path belongs to: "node/consensus", "node/main.ts", "sdk", "contracts/deploy", … */
function moduleOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "node" || first === "contracts" ? `${first}/${second}` : first;
}

/** Imports of the project's own files, as paths from the root. */
function ownImportsOf(file: SourceFile): readonly string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => relative(root, join(root, dirname(file.path), specifier)));
}

const foundations = ["node/types", "node/crypto", "node/config"];

/** What each module may import beside itself. Arrows run one way: types ← consensus, execution ← driver ← main. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "contracts/deploy": [],
  "node/types": ["node/crypto", "node/config/limits.ts"],
  "node/crypto": ["node/types", "node/config"],
  "node/config": ["node/types"],
  "node/consensus": ["node/types", "node/config/limits.ts"],
  "node/genesis": [...foundations, "contracts/deploy"],
  "node/execution": foundations,
  "node/epochs": [...foundations, "node/execution", "node/storage", "contracts/deploy"],
  "node/storage": [...foundations, "node/log.ts"],
  "node/network": [...foundations, "node/log.ts", "node/clock.ts", "node/execution/engine.ts"],
  "node/mempool": [...foundations, "node/execution", "node/rpc/backend.ts"],
  "node/application": [...foundations, "node/epochs", "node/execution", "node/mempool", "node/rpc/backend.ts"],
  "node/driverOptions.ts": [
    ...foundations,
    "node/consensus",
    "node/epochs/seats.ts",
    "node/storage",
    "node/clock.ts",
    "node/driverMetrics.ts",
    "node/log.ts",
  ],
  // Everything but ordering is behind Application.
  "node/driver.ts": [
    ...foundations,
    "node/consensus",
    "node/epochs/earlyMessages.ts",
    "node/epochs/seats.ts",
    "node/storage",
    "node/applicationWork.ts",
    "node/availability.ts",
    "node/blockTrail.ts",
    "node/clock.ts",
    "node/driverLog.ts",
    "node/driverMetrics.ts",
    "node/driverOptions.ts",
    "node/inputQueue.ts",
    "node/timers.ts",
    "node/log.ts",
  ],
  // Sees the node through the interfaces of backend.ts alone.
  "node/rpc": [...foundations, "node/execution", "node/log.ts"],
  // Shows evidence as any client would: by the rules' interfaces, over the application.
  "node/reporting": [
    ...foundations,
    "node/application",
    "node/execution",
    "node/mempool",
    "node/storage",
    "node/log.ts",
    "sdk/abis/permissions.ts",
    "sdk/abis/validatorRegistry.ts",
    "sdk/abis/voteEquivocation.ts",
    "sdk/actions/slashing/voteEvidence.ts",
  ],
  sdk: ["node/types", "contracts/deploy"],
};

const productLinesMax = 300;
const testLinesMax = 450;
/** How far a listed file may shrink before its entry has to follow. */
const ratchetSlackLines = 30;

/** Nobody but the composition root and the command line starts a node. */
const onlyFromAbove = ["node/main.ts", "node/cli"];

describe("house rules", () => {
  it("imports follow the layers", () => {
    const broken = product.flatMap((file) => {
      const from = moduleOf(file.path);
      const allowed = mayImport[from];
      return ownImportsOf(file)
        .filter((target) => moduleOf(target) !== from)
        .filter((target) => {
          if (onlyFromAbove.includes(moduleOf(target))) return !["node/main.ts", "node/cli", "scripts"].includes(from);
          return allowed !== undefined && !allowed.some((one) => target === one || moduleOf(target) === one);
        })
        .map((target) => `${file.path} imports ${target}`);
    });
    expect(broken).to.deep.equal([]);
  });

  it("the consensus core is pure: no clock, no chance, no input or output", () => {
    const core = product.filter(under("node/consensus"));
    expect(core.length).to.be.greaterThan(0);
    const world =
      /\b(Date\.now|new Date|Math\.random|performance|setTimeout|setInterval|setImmediate|queueMicrotask|process|console|crypto|async|await|Promise)\b/;
    expect(places(core, world)).to.deep.equal([]);
    const packages = core.flatMap((file) =>
      importsOf(file)
        .filter((one) => !one.startsWith("."))
        .map((one) => `${file.path} imports ${one}`),
    );
    expect(packages).to.deep.equal([]);
  });

  it("execution asks no clock and no chance: every validator must get the same result", () => {
    const execution = product.filter(under("node/execution"));
    expect(places(execution, /\b(Date\.now|new Date\(\)|Math\.random|randomBytes)\b/)).to.deep.equal([]);
  });

  it("errors are AllotError or InvariantError, never bare", () => {
    expect(
      places(product.filter(under("node", "sdk")), /\bthrow new (Error|TypeError|RangeError)\b|\bthrow ["'`]/),
    ).to.deep.equal([]);
  });

  it("no error is swallowed without a word", () => {
    expect(places(product, /catch\s*(\([^)]*\))?\s*\{\s*\}/)).to.deep.equal([]);
  });

  it("TypeScript stays strict: no any, no ignored complaint", () => {
    const loose = /(\bas any[;,)\]]|<any>|@ts-ignore|@ts-nocheck|@ts-expect-error)/;
    expect(places([...product, ...tests.filter((file) => file.path !== own)], loose, { comments: true })).to.deep.equal(
      [],
    );
  });

  it("the rules do not trust what leaders can grind, nor the sender's origin", () => {
    expect(places(rules, /\b(block\.prevrandao|block\.difficulty|blockhash\(|tx\.origin)/)).to.deep.equal([]);
  });

  it("no machine's paths and no registry's addresses", () => {
    const machine = /(["'`\s(])\/(work|home|root|Users)\/|[A-Z]:\\\\|registry\.npmjs|\bnpmmirror\b/;
    const files = [...product, ...tests.filter((file) => file.path !== own), ...rules];
    expect(places(files, machine, { comments: true })).to.deep.equal([]);
  });

  it("nothing is left for later without saying what is so now", () => {
    const files = [...product, ...tests.filter((file) => file.path !== own), ...rules];
    expect(places(files, /\b(TODO|FIXME|HACK|XXX)\b/, { comments: true })).to.deep.equal([]);
  });

  it("no test is skipped or run alone", () => {
    const marks = /\b(it|describe|test)\.(skip|only)\(|\b(xit|xdescribe)\(/;
    expect(
      places(
        tests.filter((file) => file.path !== own),
        marks,
      ),
    ).to.deep.equal([]);
  });

  it("every test that the rules' documents name exists, and every row names one", () => {
    const { count, missing, unheld } = namedTests(root);
    expect(count).to.be.greaterThan(0);
    expect(missing).to.deep.equal([]);
    expect(unheld).to.deep.equal([]);
  });

  it("files stay short: longer ones are listed and only ever shrink", () => {
    const measured = [...product, ...tests, ...rules].filter((file) => !file.path.startsWith("sdk/abis/"));
    const lengthOf = new Map(measured.map(({ path, lines }) => [path, lines.length]));
    const usual = (path: string): number => (path.startsWith("test/") ? testLinesMax : productLinesMax);
    const tooLong = measured
      .map(({ path, lines }) => ({ path, length: lines.length, limit: longFiles[path] ?? usual(path) }))
      .filter(({ length, limit }) => length > limit)
      .map(({ path, length, limit }) => `${path}: ${length} lines, at most ${limit}`);
    expect(tooLong).to.deep.equal([]);
    const stale = Object.entries(longFiles)
      .filter(([path, limit]) => (lengthOf.get(path) ?? 0) <= Math.max(usual(path), limit - ratchetSlackLines))
      .map(
        ([path]) => `${path} has ${lengthOf.get(path) ?? "no"} lines: lower or remove its entry in test/longFiles.ts`,
      );
    expect(stale).to.deep.equal([]);
  });

  it("every limit ends with its unit", () => {
    const names = product
      .filter((file) => file.path === "node/config/limits.ts")
      .flatMap(({ lines }) => lines.flatMap((line) => /^export const (\w+)/.exec(line)?.[1] ?? []));
    expect(names.length).to.be.greaterThan(0);
    expect(
      names.filter((name) => !/(Ms|Seconds|Bytes|Blocks|Count|Bps)(Max|Min)?$|(Max|Min)$/.test(name)),
    ).to.deep.equal([]);
  });
});
