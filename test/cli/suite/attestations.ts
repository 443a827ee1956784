// What attesters say, by their own hand or through a file, and that they say it once.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { allot } from "../runAllot.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Account 0 attests, account 16 owns the agent, 7 sends what others signed. */
export function describeAttestations(network: () => OperatorNetwork): void {
  let agentId: string;
  before(async () => {
    agentId = String((await network().client(16).registerAgent()).agentId);
  });
  const path = (name: string): string => network().path(name);

  it("says one thing of a test run, however often it is asked and whoever is to send it", async () => {
    writeFileSync(path("report.txt"), "1234 words, all counted\n");
    const claim = [agentId, "count-lines", "--test-run", "run-31", "--report", path("report.txt")];
    const given = await network().json(0, "attest", "give", ...claim, "--level", "2");
    expect(given).to.include({ level: 2, testRun: keccak256(stringToHex("run-31")) });
    expect(given.report).to.equal(keccak256(readFileSync(path("report.txt"))));
    const once = /attested by this test run before.*locked: level 2.*asked: level 3/;
    expectMistake(await network().call(0, "attest", "give", ...claim, "--level", "3"), once);
    const sign = ["attest", "sign", ...claim, "--output", path("other.json")];
    expectMistake(await network().call(0, ...sign, "--level", "3"), once);
    expect(existsSync(path("other.json"))).to.equal(false);
    // A machine that has the key and no lock beside it: the chain is asked.
    const elsewhere = ["--sign-lock", path("new-sign-lock")];
    expectMistake(await network().call(0, ...sign, "--level", "3", ...elsewhere), /chain has another attestation/);
    await network().text(0, ...sign, "--level", "2", ...elsewhere);
    rmSync(path("other.json"));
  });

  it("signs into a file that anybody sends, once", async () => {
    const file = path("attestation.json");
    const sign = ["attest", "sign", agentId, "proofread", "--level", "3", "--output", file];
    const signed = await network().json(0, ...sign, "--until", "2040-01-01", "--deadline", "2039-01-01");
    expect(signed).to.include({ file, capability: "proofread", level: 3, sendUntil: "2039-01-01T00:00:00Z" });
    expect(await network().json(3, "attest", "show", agentId, "proofread")).to.include({ held: false });
    expectMistake(await network().call(0, ...sign), /attestation\.json exists already/);

    const changed = path("changed.json");
    writeFileSync(changed, readFileSync(file, "utf8").replace('"level": 3', '"level": 4'));
    expectRefusedByRules(await network().call(7, "attest", "submit", changed), /not the attester's over what the file/);
    writeFileSync(changed, readFileSync(file, "utf8").replace(/"networkId": "0x../, '"networkId": "0xzz'));
    expectMistake(await network().call(7, "attest", "submit", changed), /not a signed attestation.*field: networkId/);
    writeFileSync(changed, readFileSync(file, "utf8").replace('"chainId": 3', '"chainId": 4'));
    expectRefusedByRules(await network().call(7, "attest", "submit", changed), /signed for another network/);
    expectMistake(await network().call(7, "attest", "submit", path("none.json")), /none\.json does not exist/);

    const sent = await network().json<{ uid: string }>(7, "attest", "submit", file);
    const shown = await network().json<{ attestations: Rows }>(3, "attest", "show", agentId, "proofread");
    expect(shown).to.deep.include({ held: true, level: 3, validUntil: "2040-01-01T00:00:00Z" });
    expect(shown.attestations.map(({ uid, status }) => [uid, status])).to.deep.equal([[sent.uid, "counts"]]);
    expectRefusedByRules(await network().call(7, "attest", "submit", file), /taken already.*nonce: \d+, next: \d+/);
  });

  it("signs on a machine without a network, where that is named, and EAS takes them in order", async () => {
    const genesis = join(network().validators[0]?.directory ?? "", "genesis.json");
    const { nextNonce } = await network().json(3, "attest", "attester", network().address(0));
    const sign = (name: string, nonce: number, ...flags: string[]) =>
      allot(
        [
          ...["attest", "sign", agentId, "typeset", "--test-run", name, "--output", path(name), "--json"],
          ...["--genesis", genesis, "--nonce", String(nonce), ...flags],
        ],
        // Nobody answers here, and nobody is asked.
        { ALLOT_RPC_URL: "http://127.0.0.1:1", ALLOT_KEY_FILE: network().keyFile(0) },
      );
    expectMistake(await sign("first", Number(nextNonce)), /name --recipient .* and --nonce too/);
    const owner = ["--recipient", network().address(16)];
    for (const [name, nonce] of Object.entries({ first: Number(nextNonce), second: Number(nextNonce) + 1 })) {
      const { code, stderr } = await sign(name, nonce, ...owner);
      expect(code, stderr).to.equal(0);
    }
    rmSync(path("first"));
    expectMistake(await sign("first", Number(nextNonce), "--level", "9", ...owner), /attested by this test run before/);
    expect((await sign("first", Number(nextNonce), ...owner)).code).to.equal(0);
    const early = await network().call(7, "attest", "submit", path("second"));
    expectRefusedByRules(early, /signed others before it.*Send those first/);
    for (const name of ["first", "second"]) await network().text(7, "attest", "submit", path(name));
  });

  it("lists who attests, with stake, standing and what they attested", async () => {
    const attester = network().address(0);
    const rows = await network().json<Rows>(3, "attest", "attesters");
    const listed = rows.find((row) => String(row.attester).toLowerCase() === attester);
    expect(listed).to.include({ status: "counts", listed: true, bonded: "1000", minStake: "1000" });
    const { attestations } = await network().json<{ attestations: Rows }>(3, "attest", "attester", attester);
    expect(attestations).to.have.length(Number(listed?.attestations));
    expect(attestations.filter((one) => one.agentId === agentId)).to.have.length(4);
    const table = cellsOf(await network().text(3, "attest", "attesters"));
    expect(table.find((row) => row.attester?.toLowerCase() === attester)).to.include({ status: "counts" });
    const all = await network().text(3, "attest", "show", agentId);
    expect(all.match(/ counts /g)).to.have.length(3);
    expect(all.match(/ stands /g)).to.have.length(1);
  });
}
