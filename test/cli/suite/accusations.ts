import { expect } from "chai";
import { keccak256, type LocalAccount } from "viem";
import { openFileSignLock } from "../../../sdk/index.ts";
import { until } from "../../sdk/suite/actors.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

const capability = "weave-baskets";

interface Shown {
  readonly accusationId: string;
  readonly status: string;
  readonly ruling?: string;
  readonly penalty: string;
  readonly deadline: string;
  readonly accusers: readonly string[];
}

/** Account 0 governs and attests, account 11's agent bids with what it attested, 7 and 8 accuse. */
export function describeAccusations(network: () => OperatorNetwork): void {
  let agentId: string;
  let taskId: string;
  let accusationId: string;
  const accuse = (account: number, ...flags: string[]) =>
    network().call(account, "slash", "accuse", agentId, capability, "--task", taskId, ...flags);
  const shown = (id: string) => network().json<Shown>(3, "slash", "accusation", id);

  before(async () => {
    const signLock = await openFileSignLock({ directory: network().path("sign-lock-11") });
    const agent = network().client(11, signLock);
    const made = await agent.registerAgent();
    agentId = String(made.agentId);
    await agent.setBidKey({ agentId: made.agentId, bidKey: agent.account as LocalAccount });
    await agent.depositStake({ agentId: made.agentId, amount: 3_000_000_000n });
    await network().text(0, "attest", "give", agentId, capability, "--level", "2");
    await signLock.close();
    taskId = await taskBidFor("0x01");
    // However slow the machine is.
    await network().text(0, "governance", "set-parameters", "accusationWindow=600", "appealWindow=600", "--execute");
    for (const accuser of [7, 8]) {
      await network().text(accuser, "attest", "stake", "2000");
      await network().text(0, "attest", "accept-attester", network().address(accuser), "--execute");
    }
  });

  it("accuses with the penalty locked, lists the accusation, and refuses whoever may not", async () => {
    expect(await network().text(3, "slash", "accusations", "--agent", agentId)).to.equal("No accusations.\n");
    expectRefusedByRules(await accuse(3), /Only attesters who count accuse.*FalseCapabilityNoAttester/);
    expectRefusedByRules(await accuse(0), /without a part in it must accuse.*FalseCapabilityInvolved/);
    const made = await network().json(7, "slash", "accuse", agentId, capability, "--task", taskId);
    expect(made).to.include({ locked: "600" });
    accusationId = String(made.accusationId);
    expectRefusedByRules(await accuse(8), new RegExp(`Second that accusation.*accusationId: ${accusationId}`));
    expect(await shown(accusationId)).to.include({ status: "gathering", penalty: "600" });
    const [row] = cellsOf(await network().text(3, "slash", "accusations", "--agent", agentId));
    expect(row).to.include({
      accusation: accusationId,
      status: "gathering",
      ruling: "-",
      agent: agentId,
      penalty: "600",
    });
    expect(await network().json(3, "attest", "attester", network().address(7))).to.include({ locked: "600" });
  });

  it("ends, when nobody seconds it in time, by anyone's call, and not before", async () => {
    await network().text(0, "governance", "set-parameters", "accusationWindow=2", "--execute");
    // The one before keeps its deadline.
    const { deadline } = await shown(accusationId);
    expectRefusedByRules(await network().call(3, "slash", "close", accusationId), new RegExp(`deadline: ${deadline}`));
    const uid = String(
      (
        await network()
          .client(3)
          .getAccusation({ accusationId: BigInt(accusationId) })
      ).uid,
    );
    const other = await taskBidFor("0x05");
    const flags = ["--task", other, "--uid", uid, "--report", keccak256("0x02")];
    const { accusationId: alone } = await network().json<Shown>(8, "slash", "accuse", agentId, capability, ...flags);
    let closed = await network().call(3, "slash", "close", alone);
    while (closed.code !== 0) {
      expectRefusedByRules(closed, /FalseCapabilityNotOver/);
      closed = await network().call(3, "slash", "close", alone);
    }
    expect(await shown(alone)).to.include({ status: "lapsed" });
    expect(await network().json(3, "attest", "attester", network().address(8))).to.include({ locked: "0" });
    await network().text(0, "governance", "set-parameters", "accusationWindow=600", "--execute");
  });

  it("goes to the operators when it is seconded, and costs the agent stake and capability", async () => {
    const rule = (ruling: string) => network().call(0, "slash", "rule", accusationId, ruling, "--execute");
    expectRefusedByRules(await rule("agent"), /FalseCapabilityNotDeciding/);
    const seconded = await network().json(8, "slash", "second", accusationId, "--report", keccak256("0x03"));
    expect(seconded).to.include({ status: "deciding", locked: "600" });
    expectMistake(await rule("guilty"), /<ruling>: must be one of agent, attester, unproven, false/);
    const decided = await rule("agent");
    expect(decided.code, decided.stderr).to.equal(0);
    const { accusers, ...rest } = await shown(accusationId);
    expect(rest).to.include({ status: "decided", ruling: "agent" });
    expect(accusers).to.have.length(2);
    expect(await network().json(3, "attest", "show", agentId, capability)).to.include({ held: false });
    const [fault] = await network().json<readonly Record<string, string>[]>(3, "slash", "faults", "--agent", agentId);
    expect(fault).to.include({ judgedBy: "falseCapability", taken: "600", held: "60" });
    expect(await network().json(3, "slash", "reward", network().address(8))).to.include({ amount: "30" });
    expect(await network().json(3, "slash", "reward", network().address(8), "--register", "attesters")).to.include({
      amount: "0",
    });
  });

  it("refuses what cannot be", async () => {
    expectRefusedByRules(await network().call(3, "slash", "accusation", "4711"), /There is no such accusation/);
    expectMistake(await network().call(7, "slash", "accuse", agentId, capability), /required option '--task <task>'/);
    const uid = ["--uid", "0x12"];
    expectMistake(await accuse(7, ...uid), /--uid: must be 0x and 64 hexadecimal digits/);
    expectRefusedByRules(await accuse(7, "--uid", keccak256("0x04")), /FalseCapabilityNoAttestation/);
  });

  /** A task that asks for the capability, and for which the agent bids. */
  async function taskBidFor(text: `0x${string}`): Promise<string> {
    const signLock = await openFileSignLock({ directory: network().path("sign-lock-11") });
    const posted = await network()
      .client(1)
      .postTask({
        specification: keccak256(text),
        mechanism: "vickrey",
        evaluator: network().address(2),
        reserve: 10_000_000n,
        requirements: [{ capability, level: 2 }],
        commitWindow: 3,
        revealWindow: 60,
        deliveryWindow: 60,
        verdictWindow: 60,
      });
    await network().client(11, signLock).commitBid({ tenderId: posted.tenderId, amount: 2_000_000n });
    await signLock.close();
    // A node tries calls at the time of its last block: there must be one after the last bid.
    await until(posted.commitDeadline);
    await network()
      .client(1)
      .transferCredits({ to: network().address(1), amount: 1n });
    return String(posted.taskId);
  }
}
