import { expect } from "chai";
import { expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

/** What a dispute's verbs say where nothing is disputed; how disputes go is the SDK's suite. Account 9 is an agent's. */
export function describeDisputes(network: () => OperatorNetwork): void {
  it("lists who sits on panels, and says that nobody objected", async () => {
    const { taskId } = await network()
      .client(1)
      .postTask({
        specification: `0x${"01".repeat(32)}`,
        mechanism: "vickrey",
        evaluator: network().address(2),
        reserve: 10_000_000n,
        commitWindow: 600,
        revealWindow: 60,
        deliveryWindow: 60,
        verdictWindow: 60,
      });
    expect(await network().json(3, "disputes", "show", String(taskId))).to.deep.equal({
      taskId: String(taskId),
      unit: 0,
      disputed: false,
    });
    expect(await network().text(3, "disputes", "panel")).to.equal("Nobody sits on panels.\n");
    for (const act of ["object", "conclude", "open-vote"]) {
      expectRefusedByRules(await network().call(1, "disputes", act, String(taskId)), /rule: DisputePanel\w+/);
    }
    expectRefusedByRules(
      await network().call(9, "disputes", "vote", String(taskId), "uphold"),
      /rule: DisputePanel\w+/,
    );
    expectMistake(
      await network().call(9, "disputes", "vote", String(taskId), "yes"),
      /<vote>: must be one of uphold, dismiss/,
    );
  });

  it("joins and leaves panels as an agent that may", async () => {
    const agent = network().client(9);
    const { agentId } = await agent.registerAgent();
    await agent.setBidKey({ agentId, bidKey: agent.account as never });
    await agent.depositStake({ agentId, amount: 1_000_000_000n });
    expectRefusedByRules(await network().call(9, "disputes", "join"), /rule: \w+/);
    await network().client(0).attestCapability({ agentId, capability: "evaluation", level: 1 });
    await network().text(9, "disputes", "join");
    expect(await network().text(3, "disputes", "panel")).to.match(new RegExp(`^${agentId} +\\d+ +20\\d\\d-`, "m"));
    await network().text(9, "disputes", "leave");
    expect(await network().text(3, "disputes", "panel")).to.equal("Nobody sits on panels.\n");
    expect(await network().json(9, "disputes", "withdraw")).to.include({ amount: "0" });
  });
}
