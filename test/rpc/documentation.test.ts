import { readFileSync } from "node:fs";
import { expect } from "chai";
import { allMethods } from "../../node/rpc/methods.ts";

describe("docs/json-rpc.md", () => {
  const text = readFileSync(new URL("../../docs/json-rpc.md", import.meta.url), "utf8");

  it("lists every method that is served, and no other", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) => row.split("|")[1]?.match(/(?:eth|net|web3|allot)_\w+/g) ?? []);
    expect(named.sort()).to.deep.equal(allMethods.map((each) => each.name).sort());
  });
});
