import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { encodeEvidenceFile, exportBidEvidence } from "../../../sdk/index.ts";
import { allot } from "../runAllot.ts";
import { expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";
import { contradictoryBids } from "./policing.ts";

/** Account 14's agent contradicts itself, 5 reports. */
export function describeEvidence(network: () => OperatorNetwork): void {
  let file: string;
  let genesis: string;
  let agentId: string;
  const offline = (...args: string[]) => allot(["evidence", ...args]);
  const changed = (name: string, change: (evidence: Record<string, unknown>) => unknown): string => {
    const path = network().path(name);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))));
    return path;
  };

  before(async () => {
    const { first, second, ...of } = await contradictoryBids(network(), 14);
    agentId = String(of.agentId);
    const ids = await network().client(5).allot.network();
    file = network().path("evidence.json");
    genesis = join(network().validators[1]?.directory ?? "", "genesis.json");
    writeFileSync(file, encodeEvidenceFile(exportBidEvidence(ids, first, second)));
  });

  it("shows what a file says, and verifies it offline with the genesis file alone", async () => {
    const shown = await offline("show", file);
    expect(shown.code, shown.stderr).to.equal(0);
    expect(shown.stdout)
      .to.match(/^kind +bid-equivocation$/m)
      .and.to.match(new RegExp(`^agentId +${agentId}$`, "m"));
    expect(shown.stdout).to.match(/^commitment 0x[0-9a-f]{64} +signed$/m);
    const verified = await offline("verify", file, "--genesis", genesis, "--json");
    expect(verified.code, verified.stderr).to.equal(0);
    const { verdict, signers, unproven } = JSON.parse(verified.stdout);
    expect(verdict).to.equal("proven, if what the ledger alone knows is so");
    expect(signers).to.deep.equal([network().address(14), network().address(14)]);
    expect(unproven).to.deep.equal([`${network().address(14)} is a bid key of agent ${agentId} for the tender`]);
  });

  it("takes the network from whoever verifies, never from the file", async () => {
    const { chainId, networkId } = JSON.parse(readFileSync(file, "utf8"));
    const by = (chain: number, id: string) => offline("verify", file, "--chain-id", String(chain), "--network-id", id);
    expect((await by(chainId, networkId)).code).to.equal(0);
    expectRefusedByRules(await by(chainId + 1, networkId), /made on another network/);
    expectRefusedByRules(await by(chainId, `0x${"17".repeat(32)}`), /made on another network/);
    expectMistake(await offline("verify", file), /--genesis genesis\.json, or --chain-id and --network-id/);
  });

  it("tells evidence that does not hold from a file that is none", async () => {
    const verify = (path: string) => offline("verify", path, "--genesis", genesis);
    const same = changed("same.json", (evidence) => {
      const [first] = evidence.statements as unknown[];
      return { ...evidence, statements: [first, first] };
    });
    expectRefusedByRules(await verify(same), /do not contradict each other/);
    const forged = changed("forged.json", (evidence) => {
      const [first, second] = evidence.statements as { signature: string }[];
      return { ...evidence, statements: [first, { ...second, signature: `0x${"00".repeat(65)}` }] };
    });
    expectRefusedByRules(await verify(forged), /signature is malformed, or not in its canonical form/);
    const elsewhere = changed("elsewhere.json", (evidence) => ({ ...evidence, contract: `0x${"12".repeat(20)}` }));
    expectRefusedByRules(await verify(elsewhere), /a contract whose statements do not count/);
    const broken = changed("broken.json", ({ tenderId: _, ...evidence }) => evidence);
    expectMistake(await verify(broken), /not an evidence file.*field: tenderId/);
    expectMistake(await offline("show", broken), /not an evidence file/);
    expectMistake(await verify(network().path("nowhere.json")), /nowhere\.json does not exist/);
    const notJson = network().path("text.json");
    writeFileSync(notJson, "evidence");
    expectMistake(await verify(notJson), /not an evidence file/);
  });

  it("reports a file: punished and rewarded once", async () => {
    const forged = network().path("forged.json");
    expectRefusedByRules(await network().call(5, "slash", "report", forged), /signature is malformed/);
    const reported = await network().json<{ faultId: string }>(5, "slash", "report", file);
    expect(reported).to.include({ taken: "1500", reward: "150" });
    const [fault] = await network().json<readonly Record<string, string>[]>(5, "slash", "faults", "--agent", agentId);
    expect(fault).to.include({ faultId: reported.faultId, judgedBy: "bidEquivocation", taken: "1500" });
    expect(fault?.reward?.toLowerCase()).to.equal(`credited to ${network().address(5)}`);
    expectRefusedByRules(
      await network().call(3, "slash", "report", file, "--no-reward"),
      /punished already.*EvidenceFaultPunished/,
    );
  });
}
