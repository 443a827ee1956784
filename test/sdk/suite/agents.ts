// Agents that work by themselves.

import { join } from "node:path";
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { openFileSignLock, runAgent } from "../../../sdk/index.ts";
import { type Actors, type Agent, credit, eventually, taskTerms, until } from "./actors.ts";

const _addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const work = keccak256(stringToHex("1234 words"));

export function describeAgents(actors: () => Actors): void {
  it("runs agents that bid, reveal, deliver and withdraw by themselves, take over from one another, and resume", async function () {
    this.timeout(60_000);
    const { requester, evaluator, agents } = actors();
    const [first, second] = agents;
    await second.client.withdrawPayment();
    const events: string[] = [];
    const run = (agent: Agent, name: string, amount: bigint, delivers: boolean) =>
      runAgent(agent.client, {
        decide: (task) => (task.uri === "file:agents" ? amount : undefined),
        work: async () => {
          if (!delivers) throw new RangeError("this agent never delivers");
          return work;
        },
        takeOver: () => true,
        cursorFile: join(agent.directory, "cursor"),
        pollIntervalMs: 50,
        onEvent: (event) => void events.push(`${name} ${event.kind}`),
      });
    const lazy = await run(first, "first", 2n * credit, false);
    const earlier = await run(second, "second", 3n * credit, true);
    // Each has looked at the chain once: what is posted now is new to it.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const terms = { mechanism: "firstPrice", maxReassignments: 1, acceptanceWindow: 10, commitWindow: 3 } as const;
    const task = await requester.postTask(taskTerms(actors(), { ...terms, uri: "file:agents", verdictWindow: 30 }));
    const { taskId, tenderId, revealDeadline } = task;
    await eventually(() => events.includes("second committed") && events.includes("first committed"));

    // The second one is stopped before the reveal, and started again with nothing but its directory.
    await earlier.stop();
    await second.signLock.close();
    const signLock = await openFileSignLock({ directory: second.directory });
    Object.assign(second, { signLock, client: actors().network.client(5, signLock) });
    const resumed = await run(second, "second", 9n * credit, true);
    await eventually(async () => (await requester.getBids({ tenderId })).every(({ amount }) => amount !== undefined));
    const amounts = (await requester.getBids({ tenderId })).map(({ amount }) => amount);
    expect(amounts.sort()).to.deep.equal([2n * credit, 3n * credit]);

    await until(revealDeadline);
    const { assigned } = await requester.settleTask({ taskId });
    expect(assigned[0]?.agentId).to.equal(first.agentId);
    await until(assigned[0]?.deliveryDeadline ?? 0);
    const concluded = await requester.concludeTask({ taskId });
    expect(concluded).to.deep.include({ outcome: "offered", noShow: true });
    await eventually(() => events.includes("second delivered"));
    await evaluator.completeTask({ taskId });
    await eventually(() => events.includes("second withdrawn"));
    await Promise.all([lazy.stop(), resumed.stop()]);
    expect(await requester.getAssignment({ taskId })).to.deep.include({ status: "paid", agentId: second.agentId });
    const kinds = (name: string) =>
      events.filter((event) => event.startsWith(name)).map((event) => event.split(" ")[1]);
    expect(kinds("first")).to.deep.equal(["committed", "revealed", "assigned", "troubled"]);
    expect(kinds("second")).to.deep.equal(["committed", "revealed", "assigned", "delivered", "paid", "withdrawn"]);
  });

  it("settles a task that nobody else settles, if it is one of the bidders", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors();
    const [, agent] = agents;
    const running = await runAgent(agent.client, {
      decide: (task) => (task.uri === "file:settle" ? credit : undefined),
      work: async () => work,
      pollIntervalMs: 50,
      settleAfterMs: 200,
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { taskId } = await requester.postTask(taskTerms(actors(), { uri: "file:settle", deliveryWindow: 20 }));
    await eventually(async () => (await requester.getAssignment({ taskId }))?.agentId === agent.agentId);
    const jobId = (await requester.getAssignment({ taskId }))?.jobId ?? 0n;
    await eventually(async () => (await requester.getJob({ jobId })).deliverable === work);
    await running.stop();
  });
}
