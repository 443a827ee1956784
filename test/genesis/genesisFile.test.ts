import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { newGenesis } from "../../node/genesis/newNetwork.ts";
import { readGenesis } from "../../node/genesis/readGenesis.ts";
import { AllotError } from "../../node/types/errors.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import { testNetwork } from "./networkFixture.ts";

type Path = readonly (string | number)[];

/** A copy with the value at `path` replaced; `undefined` removes it. */
function replaced(genesis: Genesis, path: Path, value: unknown): unknown {
  const copy = structuredClone(genesis) as unknown as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as typeof at;
  at[path.at(-1) ?? ""] = value;
  return JSON.parse(JSON.stringify(copy));
}

describe("a genesis file", () => {
  const folder = mkdtempSync(join(tmpdir(), "allot-genesis-"));
  const file = join(folder, "genesis.json");
  let genesis: Genesis;

  before(async () => {
    genesis = await newGenesis(testNetwork({ bare: true }));
  });

  after(() => rmSync(folder, { recursive: true }));

  function refusal(content: unknown): AllotError {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    try {
      readGenesis(file);
    } catch (error) {
      if (error instanceof AllotError) return error;
      throw error;
    }
    return expect.fail("was accepted");
  }

  it("reads back as it was made", () => {
    writeFileSync(file, JSON.stringify(genesis));
    expect(readGenesis(file)).to.deep.equal(genesis);
  });

  const word = `0x${"11".repeat(32)}`;
  const cases: readonly (readonly [string, Path, unknown, string, RegExp])[] = [
    ["an unknown key", ["colour"], "red", "colour", /is not known here/],
    ["a missing key", ["networkId"], undefined, "networkId", /is missing/],
    ["another version", ["version"], 2, "version", /must be 1/],
    ["a chain id that is no number", ["chainId"], "1", "chainId", /whole number/],
    ["a short network id", ["networkId"], "0x12", "networkId", /64 hexadecimal digits/],
    ["no validator", ["validators"], [], "validators", /at least one/],
    ["a validator without addresses", ["validators", 1, "addresses"], [], "validators[1].addresses", /at least one/],
    ["a faulty address", ["validators", 0, "addresses", 0], "10.0.0.1:80", "validators[0].addresses[0]", /ip4/],
    [
      "an uncompressed peer key",
      ["validators", 2, "peerKey"],
      `0x04${"00".repeat(32)}`,
      "validators[2].peerKey",
      /compressed/,
    ],
    [
      "timeouts in the wrong order",
      ["consensus", "leaderTimeoutMs"],
      9_000,
      "consensus.notarizationTimeoutMs",
      /above leaderTimeoutMs/,
    ],
    [
      "a pace without time to build",
      ["consensus", "blockIntervalMs"],
      5_000,
      "consensus.leaderTimeoutMs",
      /above blockIntervalMs/,
    ],
    [
      "a transaction above the block",
      ["execution", "transactionGasLimitMax"],
      1e12,
      "execution.transactionGasLimitMax",
      /blockGasLimit/,
    ],
    ["a contract without code", ["contracts", "Credits"], `0x${"77".repeat(20)}`, "contracts.Credits", /no code/],
    ["an account that is no address", ["alloc", "0x12"], {}, "alloc.0x12", /40 hexadecimal digits/],
    [
      "a balance with leading zeros",
      ["alloc", `0x${"77".repeat(20)}`],
      { balance: "0x01" },
      `alloc.0x${"77".repeat(20)}.balance`,
      /leading zeros/,
    ],
    [
      "a short storage word",
      ["alloc", `0x${"77".repeat(20)}`],
      { storage: { [word]: "0x01" } },
      `alloc.0x${"77".repeat(20)}.storage.${word}`,
      /64 hexadecimal digits/,
    ],
  ];
  for (const [what, path, value, place, reason] of cases) {
    it(`is refused with ${what}, which the error places`, () => {
      const error = refusal(replaced(genesis, path, value));
      expect(error.facts).to.include({ file, place });
      expect(error.facts.reason).to.match(reason);
      expect(error.message).to.include(file).and.include(place);
    });
  }

  it("is refused with a validator listed twice, or out of the leaders' order", () => {
    const [first, second, ...others] = genesis.validators;
    expect(refusal({ ...genesis, validators: [first, first, ...others] }).facts.place).to.equal("validators[1].name");
    expect(refusal({ ...genesis, validators: [second, first, ...others] }).facts.place).to.equal(
      "validators[1].address",
    );
  });

  it("is refused when it is no JSON, with line and column", () => {
    expect(refusal('{\n  "version": 1,\n  oops\n}').facts).to.include({ place: "line 3, column 3" });
    expect(refusal("").code).to.equal("BAD_JSON");
  });

  it("is refused when it does not exist", () => {
    rmSync(file);
    expect(() => readGenesis(file)).to.throw(AllotError, /does not exist/);
  });
});
