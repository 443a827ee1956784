import { expect } from "chai";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

interface ShownProposal {
  readonly proposalId: string;
  readonly status: string;
  readonly call: string;
  readonly approvals: number;
}

/** Account 0 is the only operator, 3 a stranger to the office; organisation ids grow by what it adds. */
export function describeGovernance(network: () => OperatorNetwork): void {
  const governance = (...args: string[]) => network().call(0, "governance", ...args);
  const shown = (id: string) => network().json<ShownProposal>(3, "governance", "show", id);

  it("shows who governs and how", async () => {
    const council = await network().json<{ operators: string[]; quorum: number; delaySeconds: string }>(
      3,
      "governance",
      "operators",
    );
    expect(council.operators.map((one) => one.toLowerCase())).to.deep.equal([network().address(0)]);
    expect(council).to.include({ quorum: 1, delaySeconds: "0" });
    expect(await network().text(3, "governance", "operators")).to.match(/^quorum +1$/m);
  });

  it("proposes a call by name, shows it decoded, and anyone executes it", async () => {
    const made = await network().json<ShownProposal>(
      0,
      "governance",
      "propose",
      "permissions",
      "addOrganisation",
      "Babel",
    );
    expect(made.status).to.equal("queued");
    expect(await shown(made.proposalId)).to.include({
      status: "ready",
      approvals: 1,
      call: "permissions.addOrganisation(Babel)",
    });
    await network().text(3, "governance", "execute", made.proposalId);
    expect((await shown(made.proposalId)).status).to.equal("executed");
    const [row] = cellsOf(await network().text(3, "governance", "proposals"));
    expect(row).to.include({ proposal: made.proposalId, status: "executed", approvals: "1" });
    expectRefusedByRules(await governance("execute", made.proposalId), /OperatorsNotOpen/);
  });

  it("adds an organisation with members at one stroke, delists it and lists it again", async () => {
    await network().text(0, "governance", "add-organisation", "Cyclops", "--execute");
    const organisations = () =>
      network().json<readonly { organisationId: number; name: string; active: boolean }[]>(
        3,
        "governance",
        "organisations",
      );
    const made = (await organisations()).find(({ name }) => name === "Cyclops");
    const [id, account] = [String(made?.organisationId), `0x${"c1".repeat(20)}`];
    expect(await network().json(3, "governance", "member", account)).to.deep.equal({ account, member: false });
    await network().text(0, "governance", "add-members", id, account, "--execute");
    const member = () => network().json(3, "governance", "member", account);
    expect(await member()).to.include({ organisationId: made?.organisationId, active: true });
    await network().text(0, "governance", "delist", id, "--execute");
    expect(await member()).to.include({ active: false });
    expect((await organisations()).find(({ name }) => name === "Cyclops")?.active).to.equal(false);
    await network().text(0, "governance", "relist", id, "--execute");
    await network().text(0, "governance", "delist", account, "--execute");
    expect(await member()).to.include({ active: false });
    await network().text(0, "governance", "relist", account, "--execute");
    expect(await member()).to.include({ active: true });
  });

  it("withdraws approvals, approves again, and cancels", async () => {
    const { proposalId } = await network().json<ShownProposal>(
      0,
      "governance",
      "propose",
      "operators",
      "setQuorum",
      "1",
    );
    await network().text(0, "governance", "withdraw-approval", proposalId);
    expectRefusedByRules(await governance("execute", proposalId), /OperatorsNoQuorum/);
    expect(await network().json(0, "governance", "approve", proposalId)).to.include({ status: "ready" });
    expectRefusedByRules(await network().call(3, "governance", "cancel", proposalId), /OperatorsNotProposer/);
    await network().text(0, "governance", "cancel", proposalId);
    expect((await shown(proposalId)).status).to.equal("cancelled");
  });

  it("issues credits by proposal, and nobody but an operator proposes", async () => {
    const to = `0x${"c2".repeat(20)}`;
    await network().text(0, "market", "issue", to, "5000.25", "--execute");
    expect(await network().json(3, "market", "balance", to)).to.include({ balance: "5000.25" });
    expectRefusedByRules(await network().call(3, "market", "issue", to, "1"), /no operator.*OperatorsUnauthorized/);
  });

  it("lists the rules' numbers in their units, and changes them together or not at all", async () => {
    type Row = { readonly name: string; readonly value: string; readonly unit: string; readonly max: string };
    const numberOf = async (name: string) =>
      (await network().json<readonly Row[]>(3, "governance", "parameters")).find((one) => one.name === name)?.value;
    const before = await numberOf("postingFee");
    expect(await numberOf("rewardShare")).to.equal("10 %");
    const set = (...changes: string[]) => network().call(0, "governance", "set-parameters", ...changes, "--execute");
    expect((await set("postingFee=0.02", "rewardShare=7.5")).code).to.equal(0);
    expect([await numberOf("postingFee"), await numberOf("rewardShare")]).to.deep.equal(["0.02", "7.5 %"]);
    expectRefusedByRules(await set("postingFee=0.03", "rewardShare=60"), /ParametersOutOfBounds/);
    expect(await numberOf("postingFee")).to.equal("0.02");
    expect((await set(`postingFee=${before}`, "rewardShare=10 %")).code).to.equal(0);
    expectMistake(await set("minimum=1"), /there is no parameter "minimum"; there are minStake/);
    expectMistake(await set("rewardShare=1000"), /rewardShare: must be a share in percent from 0 to 100/);
    expectMistake(await set("minStake=lots"), /minStake: must be an amount of credits/);
    expectMistake(await set("unbondingDelay=1.5"), /unbondingDelay: must be a whole number/);
  });

  it("pauses what is new, and resumes it", async () => {
    const paused = async () => (await network().json(3, "governance", "operators")).paused;
    expect(await paused()).to.equal(false);
    expect(await network().json(0, "governance", "pause", "--execute")).to.include({ paused: true });
    expect(await paused()).to.equal(true);
    expect(await network().json(0, "governance", "resume", "--execute")).to.include({ paused: false });
  });

  it("refuses calls that no contract has, at the argument that is wrong", async () => {
    const propose = (...args: string[]) => governance("propose", ...args);
    expectMistake(await propose("nothing", "x"), /no governed contract of this name/);
    expectMistake(await propose("permissions", "isActive", "0x12"), /<function>: there is no isActive that changes/);
    expectMistake(await propose("operators", "setQuorum"), /setQuorum\(uint256 quorum_\) takes 1, and 0 are given/);
    expectMistake(await propose("operators", "setQuorum", "two"), /quorum_: must be a whole number/);
    expectMistake(await propose("permissions", "addMembers", "1", "0x12"), /accounts: must be a JSON array in quotes/);
    expectMistake(await propose("permissions", "addMembers", "1", '["0x12"]'), /accounts: must be an address/);
    expectMistake(await propose("permissions"), /name a contract and its function, or --target and --data/);
    expectMistake(await governance("show", "4711"), /no such proposal/);
    expectMistake(await governance("delist", "acme"), /<whom>: must be an address/);
  });
}
