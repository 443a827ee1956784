// Writes docs/configuration.md from the table of options. With --check nothing is written, and the exit code is 1
// when the file is not as it would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { environmentVariableOf, flagOf, nodeOptions, optionNames } from "../node/config/options.ts";

const file = new URL("../docs/configuration.md", import.meta.url);

const cell = (text: string): string => text.replaceAll("|", "\\|");

function rowOf(name: (typeof optionNames)[number]): string {
  const { placeholder, description, default: standard, unit } = nodeOptions[name];
  const shown = `${JSON.stringify(standard)}${unit === undefined ? "" : ` ${unit}`}`;
  return `| \`${name}\` | \`${cell(`${flagOf(name)} <${placeholder}>`)}\` | \`${environmentVariableOf(name)}\` | \`${shown}\` | ${cell(description)} |`;
}

const text = `# Configuration of a node

Made from the table in \`node/config/options.ts\` by \`node scripts/options.ts\`; do not edit it here.

Each option has four places. The strongest first: the flag of \`allot start\`, the environment variable, the node's
\`config.json\`, the default. In \`config.json\` an option stands by its name, with a JSON value of the default's form; an
unknown name or a wrong value is refused with its place. What all validators must share (timeouts, block limits) stands
in \`genesis.json\` instead.

| \`config.json\` | flag | environment | default | |
| --- | --- | --- | --- | --- |
${optionNames.map(rowOf).join("\n")}
`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("docs/configuration.md is not as the table of options says: run node scripts/options.ts\n");
  process.exitCode = 1;
}
