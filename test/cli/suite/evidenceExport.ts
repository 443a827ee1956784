// Evidence taken from nodes and from the chain: exported, checked offline, reported.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { openFileSignLock, signAttestation } from "../../../sdk/index.ts";
import { lieAs } from "../../sdk/fixtures/lyingValidator.ts";
import { eventually } from "../../sdk/suite/actors.ts";
import { allot } from "../runAllot.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";
import { contradictoryBids } from "./policing.ts";

interface Exported {
  readonly file: string;
  readonly kind: string;
  readonly offender: string;
  readonly faultId: string;
  readonly punished: boolean;
}

/** The rules refuse the second bid; its gas cannot be estimated. */
const relayGas = 400_000n;

/** Account 12's agent contradicts itself, account 11 attests, 3 reports. */
export function describeEvidenceExport(network: () => OperatorNetwork): void {
  const genesis = () => join(network().validators[1]?.directory ?? "", "genesis.json");
  let taskWithEvidence = "";
  const exported = (folder: string, ...flags: string[]) =>
    network().json<readonly Exported[]>(3, "evidence", "export", "--output", network().path(folder), ...flags);
  const verify = async (file: string) => {
    const { code, stdout, stderr } = await allot(["evidence", "verify", file, "--genesis", genesis(), "--json"]);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  it("finds an agent's two bids on the chain, one of them refused there, and reports what it wrote", async () => {
    const { agentId, taskId, first, second } = await contradictoryBids(network(), 12);
    taskWithEvidence = String(taskId);
    const task = ["--task", taskWithEvidence];
    expect(await network().text(3, "evidence", "export", "--output", network().path("none"), ...task)).to.equal(
      "No evidence found.\n",
    );
    await network().client(3).relayBid(first);
    expect(await exported("bids", ...task)).to.deep.equal([]);
    await network()
      .client(6)
      .relayBid({ ...second, gas: relayGas })
      .then(
        () => expect.fail("a second bid was taken"),
        () => undefined,
      );
    const [found, ...others] = await exported("bids", ...task);
    expect(others).to.deep.equal([]);
    expect(found).to.include({ kind: "bid-equivocation", offender: `agent ${agentId}`, punished: false });
    const { file = "", faultId } = found ?? {};
    expect(readdirSync(network().path("bids"))).to.deep.equal([file.split("/").at(-1)]);
    const { signers, faultId: verified } = await verify(file);
    expect([signers, verified]).to.deep.equal([[network().address(12), network().address(12)], faultId]);
    expect(await network().json(3, "slash", "report", file)).to.include({ faultId, register: "agents", taken: "1500" });
    // Exported again, the same evidence is the same file.
    const before = readFileSync(file, "utf8");
    expect(await exported("bids", ...task)).to.deep.equal([{ ...found, punished: true }]);
    expect(readFileSync(file, "utf8")).to.equal(before);
  });

  it("finds an attester's two words on one test run, and reports them", async () => {
    const attester = network().address(11);
    await network().text(0, "attest", "accept-attester", attester, "--execute");
    await network().text(11, "attest", "stake", "1000");
    const agentId = String((await network().client(16).registerAgent()).agentId);
    const give = ["attest", "give", agentId, "index", "--test-run", "run-7"];
    await network().text(11, ...give, "--level", "1");
    expect(await exported("words", "--attester", attester)).to.deep.equal([]);
    // Past the sign lock, and past the look at the chain: what a dishonest attester signs by itself.
    const client = network().client(11);
    const signLock = await openFileSignLock({ directory: network().path("lying-lock") });
    const lie = await signAttestation(client.account as LocalAccount, {
      ...{ agentId: BigInt(agentId), capability: "index", level: 2, testRun: keccak256(stringToHex("run-7")) },
      ...{ network: await client.allot.network(), recipient: network().address(16), nonce: 0n, signLock },
    });
    await signLock.close();
    await client.attestByDelegation(lie);

    const [found] = await exported("words", "--attester", attester);
    expect(found).to.include({ kind: "contradictory-attestations", punished: false });
    expect(found?.offender).to.equal(attester);
    const { file = "", faultId } = found ?? {};
    const { verdict, signers, unproven } = await verify(file);
    expect([verdict, signers]).to.deep.equal(["proven, if what the ledger alone knows is so", []]);
    expect(unproven).to.have.length(3);
    const shown = await allot(["evidence", "show", file]);
    expect(shown.stdout).to.match(new RegExp(`^level 1 report 0x0+ +on chain by ${attester}$`, "m"));
    const reported = await network().json(3, "slash", "report", file);
    expect(reported).to.include({ faultId, register: "attesters", taken: "1000", reward: "100" });
    const faults = await network().json<readonly Exported[]>(3, "slash", "faults", "--account", attester);
    expect(faults[0]).to.include({ faultId, register: "attesters", taken: "1000" });
    const reward = ["slash", "reward", network().address(3), "--register", "attesters"];
    expect(await network().json(3, ...reward)).to.include({ amount: "100" });
    const row = (await network().json<readonly { attester: string }[]>(3, "attest", "attesters")).find(
      (one) => one.attester.toLowerCase() === attester,
    );
    expect(row).to.include({ status: "suspended" });
    await network().text(0, "slash", "reinstate", attester, "--execute");
  });

  it("takes a validator's two votes from the nodes that saw them, and reports them", async () => {
    expect(await exported("votes")).to.deep.equal([]);
    const liar = 3;
    const { directory } = network().validators[liar] ?? { directory: "" };
    network().kill(liar);
    const { validator, view } = await lieAs(directory, network().validators[0]?.rpcUrl ?? "");
    let found: readonly Exported[] = [];
    await eventually(async () => {
      found = await exported("votes");
      return found.length > 0;
    });
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ kind: "vote-equivocation", offender: validator, punished: false });
    const { file = "", faultId } = found[0] ?? {};
    const verified = await verify(file);
    expect(verified).to.deep.include({ faultId, signers: [validator, validator], view, validator });
    const other = network().validators.map(({ directory: each }) => each)[0] ?? "";
    const { address } = JSON.parse(readFileSync(join(other, "validator.json"), "utf8"));
    expect(await exported("others", "--validator", address)).to.deep.equal([]);

    const forged = network().path("forged-vote.json");
    const evidence = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(forged, JSON.stringify({ ...evidence, view: view + 1 }));
    expectRefusedByRules(await network().call(3, "slash", "report", forged), /by somebody else than the offender/);
    const reported = await network().json(3, "slash", "report", file);
    expect(reported).to.include({ faultId, register: "validators", taken: "10000", reward: "1000" });
    expect(await network().json(3, "validators", "show", validator)).to.include({ barred: true, bonded: "0" });
    // Four are left at most: the operators decide who takes its place.
    expectRefusedByRules(await network().call(3, "validators", "evict", validator), /EvictionLimit/);
    const rows = cellsOf(await network().text(3, "slash", "faults", "--account", validator));
    expect(rows.map((row) => row["judged by"])).to.deep.equal(["voteEquivocation"]);
    const claim = ["slash", "claim", "--register", "validators"];
    expectRefusedByRules(await network().call(3, ...claim), /StakeNotReady/);
    expect((await exported("votes", "--validator", validator))[0]).to.include({ punished: true });
    await network().start(liar);
  });

  it("says what is missing or cannot be written", async () => {
    expectMistake(await network().call(3, "evidence", "export"), /required option '--output <folder>'/);
    const file = network().path("a-file");
    writeFileSync(file, "");
    const into = (task: string) => network().call(3, "evidence", "export", "--output", file, "--task", task);
    expectMistake(await into("1000000"), /There is no such task/);
    expectMistake(await into(taskWithEvidence), /a-file\/bid-.*cannot be written \(E\w+\): name another folder/);
  });
}
