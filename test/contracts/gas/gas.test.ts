// Every public function's gas against the committed table. `npm run gas` measures anew and writes docs/gas.md and
// docs/gas.json; what changed is then a line of the diff that somebody reads.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { network } from "hardhat";
import type { GasRow } from "./gasBook.ts";
import { type GasTable, measureGas } from "./gasTable.ts";

const tablePath = fileURLToPath(new URL("../../../docs/gas.json", import.meta.url));
const pagePath = fileURLToPath(new URL("../../../docs/gas.md", import.meta.url));
/** How far a call may be from the table: keys and salts are random, and a zero byte of calldata costs less. */
const TOLERANCE = 0.02;
const TOLERANCE_GAS = 300;
/** Most gas of a commitment, and of finalizing the largest tender. */
const COMMIT_GAS_MAX = 110_000;
const FINALIZE_GAS_MAX = 3_000_000;

/** The page, from the rows. */
function pageOf(rows: readonly GasRow[]): string {
  const grouped = (gas: number): string => gas.toLocaleString("en-US");
  const lines = rows.map(({ contract, call, least, most }) => {
    const range = least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
    return `| ${contract} | \`${call.replace(/ - .*/, "")}\`${call.replace(/^[^ ]*/, "").replace(" - ", ", ")} | ${range} |`;
  });
  return [
    "# Gas of every public function",
    "",
    "Written by `npm run gas` from a scenario (`test/contracts/gas`) on the Hardhat network; [gas.json](gas.json) has the",
    "same for machines. Each figure is a whole transaction's, intrinsic gas included; a range is from the cheapest call of",
    "the scenario to the dearest, mostly a slot written again and a new one. Views are measured as transactions too.",
    "`npm test` compares: two hundredths are tolerated. Nobody pays for gas on an Allot network; a block takes 60 million,",
    "and a transaction 16,777,216.",
    "",
    "| Contract | Function | Gas |",
    "| --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
}

describe("gas of every public function", function () {
  this.timeout(600_000);
  let table: GasTable;
  before(async () => {
    table = await measureGas(await network.create());
    if (process.env.ALLOT_WRITE_GAS === undefined) return;
    await writeFile(tablePath, `${JSON.stringify(table.rows, undefined, 2)}\n`);
    await writeFile(pagePath, pageOf(table.rows));
  });

  it("is measured: the scenario reaches each of them", () => {
    expect(table.missing, "add a call to test/contracts/gas, then npm run gas").to.deep.equal([]);
  });

  it("is what docs/gas.json says", async () => {
    const committed = JSON.parse(await readFile(tablePath, "utf8")) as readonly GasRow[];
    const nameOf = ({ contract, call }: GasRow) => `${contract} ${call}`;
    const known = new Map(committed.map((row) => [nameOf(row), row]));
    expect(table.rows.map(nameOf), "npm run gas").to.deep.equal([...known.keys()]);
    const far = (measured: number, kept: number) =>
      Math.abs(measured - kept) > Math.max(TOLERANCE_GAS, kept * TOLERANCE);
    const changed = table.rows.flatMap((row) => {
      const kept = known.get(nameOf(row));
      if (kept === undefined || !(far(row.least, kept.least) || far(row.most, kept.most))) return [];
      return [`${nameOf(row)}: ${kept.least} to ${kept.most} in the table, ${row.least} to ${row.most} now`];
    });
    expect(changed, "if this is meant: npm run gas").to.deep.equal([]);
  });

  it("keeps the ceilings of a commitment and of the largest tender's end", () => {
    const mostOf = (part: string) => table.rows.filter(({ call }) => call.includes(part)).map(({ most }) => most);
    expect(Math.max(...mostOf("commitBid(bytes32,bytes32)"))).to.be.at.most(COMMIT_GAS_MAX);
    const full = mostOf("256 bids");
    expect(full).to.have.length(3);
    expect(Math.max(...full)).to.be.at.most(FINALIZE_GAS_MAX);
  });

  it("is on the page as in the table", async () => {
    const committed = JSON.parse(await readFile(tablePath, "utf8")) as readonly GasRow[];
    expect(await readFile(pagePath, "utf8")).to.equal(pageOf(committed));
  });
});
