import { expect } from "chai";
import { buildRegistrationFile, registrationUriOf } from "../../../sdk/index.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

interface ShownAgent {
  readonly agentId: string;
  readonly status: string;
  readonly owner: string;
  readonly bidKey: string;
  readonly bonded: string;
  readonly capacity: number;
  readonly unbonding: string;
  readonly unbondingReadyAt?: string;
  readonly keys: readonly { readonly bidKey: string; readonly revoked: boolean }[];
}

/** Its account 10 owns and bids: a bid key is of its owner's organisation. No other part of the suite uses them. */
export function describeAgents(network: () => OperatorNetwork): void {
  let agentId: string;
  const shown = () => network().json<ShownAgent>(10, "agents", "show", agentId);

  it("registers an agent with what it says about itself", async () => {
    const uri = registrationUriOf(
      buildRegistrationFile({
        name: "translator",
        description: "German to English",
        image: "https://agent.example/image.png",
        services: [{ name: "MCP", endpoint: "https://mcp.agent.example/", version: "2025-06-18" }],
      }),
    );
    const made = await network().json<{ agentId: string; owner: string }>(10, "agents", "register", "--uri", uri);
    agentId = made.agentId;
    expect(made.owner.toLowerCase()).to.equal(network().address(10));
    expect(await network().text(10, "agents", "describe", agentId))
      .to.match(/^name +translator$/m)
      .and.to.match(/^MCP +https:\/\/mcp\.agent\.example\/ +2025-06-18$/m);
    expect((await shown()).status).to.equal("not enrolled");
  });

  it("sets a bid key that proves itself, stakes, and shows both", async () => {
    await network().text(10, "agents", "set-key", agentId, "--bid-key-file", network().keyFile(10));
    await network().text(10, "agents", "stake", agentId, "1500.5");
    const agent = await shown();
    expect(agent).to.include({ status: "active", bonded: "1500.5", capacity: 15, unbonding: "0" });
    expect(agent.bidKey.toLowerCase()).to.equal(network().address(10));
    expect(agent.keys).to.have.length(1);
  });

  it("lists agents as a table that says what the JSON says", async () => {
    const rows = cellsOf(await network().text(10, "agents", "list"));
    const listed = await network().json<readonly ShownAgent[]>(10, "agents", "list");
    expect(rows.map((row) => row.agent)).to.deep.equal(listed.map((agent) => agent.agentId));
    const row = rows.find((one) => one.agent === agentId);
    expect(row).to.include({ status: "active", bonded: "1500.5", locked: "0", capacity: "15" });
  });

  it("declares a capacity, unbonds, and refuses to pay out before the stake is ready", async () => {
    await network().text(10, "agents", "set-capacity", agentId, "3");
    const { readyAt } = await network().json<{ readyAt: string }>(10, "agents", "unbond", agentId, "500");
    expect(await shown()).to.include({ capacity: 3, bonded: "1000.5", unbonding: "500", unbondingReadyAt: readyAt });
    expectRefusedByRules(await network().call(10, "agents", "withdraw", agentId), /StakeNotReady/);
  });

  it("revokes an agent's key", async () => {
    await network().text(10, "agents", "revoke-key", network().address(10));
    expect((await shown()).keys.map((key) => key.revoked)).to.deep.equal([true]);
  });

  it("tells the rule by which it was refused, with exit code 1", async () => {
    expectRefusedByRules(
      await network().call(10, "agents", "show", "4711"),
      /There is no such agent\. .*ERC721NonexistentToken/,
    );
    expectRefusedByRules(
      await network().call(12, "agents", "unbond", agentId, "1"),
      /Only the agent's owner may do this\. .*LedgerNotOwner/,
    );
  });

  it("refuses amounts and ids that cannot be", async () => {
    const stake = (...args: string[]) => network().call(10, "agents", "stake", ...args);
    expectMistake(await stake(agentId, "1.0000001"), /<amount>: must be an amount of credits such as "12\.5"/);
    expectMistake(await stake(agentId, "0"), /<amount>: must be more than 0/);
    expectMistake(await stake("seven", "1"), /<agent>: must be a whole number of at least 0/);
    expectMistake(await network().call(10, "agents", "revoke-key", "0x12"), /<key>: must be an address/);
    expectMistake(
      await network().call(10, "agents", "set-capacity", agentId, "65536"),
      /<count>: must be a whole number from 0 to 65535/,
    );
  });
}
