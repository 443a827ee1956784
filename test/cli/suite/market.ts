import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { openFileSignLock, type SignLock } from "../../../sdk/index.ts";
import { until } from "../../sdk/suite/actors.ts";
import { allot } from "../runAllot.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

interface ShownTask {
  readonly taskId: string;
  readonly status: string;
  readonly specification: string;
  readonly reserve: string;
  readonly bids: readonly { readonly bidder: string; readonly amount?: string }[];
  readonly tender: { readonly tenderId: `0x${string}`; readonly phase: string; readonly bids: number };
  readonly assignments: readonly {
    readonly status: string;
    readonly verdict: string;
    readonly agentId: string;
    readonly price: string;
    readonly jobId: string;
    readonly deliveryDeadline: string;
  }[];
}

interface Posted {
  readonly taskId: string;
  readonly tenderId: `0x${string}`;
  readonly commitDeadline: string;
  readonly revealDeadline: string;
}

/** Its accounts: 1 requests, 2 evaluates, 13 bids. */
export function describeMarket(network: () => OperatorNetwork): void {
  const specification = "count the words of this sentence\n";
  const shown = (taskId: string) => network().json<ShownTask>(1, "market", "show", taskId);
  const taskFile = (change: Record<string, unknown> = {}): string => {
    const file = network().path("task.json");
    const task = {
      specification: "work.txt",
      mechanism: "firstPrice",
      evaluator: network().address(2),
      reserve: "60",
      commitWindow: 15,
      revealWindow: 15,
      deliveryWindow: 30,
      verdictWindow: 60,
      ...change,
    };
    writeFileSync(network().path("work.txt"), specification);
    writeFileSync(file, JSON.stringify(task));
    return file;
  };

  let agentId: bigint;
  let signLock: SignLock;

  before(async () => {
    const agent = network().client(13);
    ({ agentId } = await agent.registerAgent());
    await agent.setBidKey({ agentId, bidKey: agent.account as never });
    await agent.depositStake({ agentId, amount: 1_000_000_000n });
    signLock = await openFileSignLock({ directory: network().path("sign-lock") });
  });
  after(() => signLock?.close());

  /** Posts a task, has agent 13 bid 25 for it, and settles it. */
  async function awarded(change: Record<string, unknown> = {}): Promise<{ taskId: string; bidders: unknown }> {
    const posted = await network().json<Posted>(1, "market", "post", taskFile(change));
    const { taskId, tenderId } = posted;
    const agent = network().client(13, signLock);
    const { opening } = await agent.commitBid({ tenderId, amount: 25_000_000n });
    const [sealed] = await network().json<ShownTask["bids"]>(1, "market", "bids", taskId);
    expect(sealed?.bidder.toLowerCase()).to.equal(network().address(13));
    expect(sealed).not.to.have.property("amount");
    await until(Date.parse(posted.commitDeadline) / 1000);
    await agent.revealBid({ tenderId, ...opening });
    await until(Date.parse(posted.revealDeadline) / 1000);
    const settled = await network().json<{ awards: readonly { price: string }[] }>(3, "market", "settle", taskId);
    expect(settled.awards.map(({ price }) => price)).to.deep.equal(["25"]);
    return { taskId, bidders: [{ ...sealed, amount: "25" }] };
  }

  it("posts a task from a file: specification hashed, reserve escrowed", async () => {
    const before = await network().json<{ balance: string }>(1, "market", "balance", network().address(1));
    const { taskId } = await network().json<Posted>(1, "market", "post", taskFile());
    const task = await shown(taskId);
    expect(task).to.include({ status: "open", reserve: "60", specification: keccak256(stringToHex(specification)) });
    const after = await network().json<{ balance: string }>(1, "market", "balance", network().address(1));
    // The posting fee of a development network is a hundredth of a credit.
    expect(Number(before.balance) - Number(after.balance)).to.be.closeTo(60.01, 0.000001);
  });

  /** Gets a unit's certificate from a node and verifies it offline, then one that was changed on the way. */
  async function certified(taskId: string): Promise<void> {
    const [file, changed] = [network().path(`certificate-${taskId}.json`), network().path(`changed-${taskId}.json`)];
    await network().text(3, "market", "certificate", taskId, "--output", file);
    const genesis = join(network().validators[2]?.directory ?? "", "genesis.json");
    const verify = (path: string) => allot(["market", "verify", path, "--genesis", genesis, "--json"]);
    const verified = await verify(file);
    expect(verified.code, verified.stderr).to.equal(0);
    expect(JSON.parse(verified.stdout)).to.include({
      verdict: "proven",
      taskId,
      agentId: String(agentId),
      price: "25",
    });
    const certificate = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(changed, JSON.stringify({ ...certificate, taskId: "0x4711" }));
    expectRefusedByRules(await verify(changed), /certificate proves other s/);
    writeFileSync(changed, "{}", { flag: "w" });
    expectMistake(await verify(changed), /certificate/);
    expectMistake(
      await network().call(3, "market", "certificate", taskId, "--output", file),
      /exists already, and is not overwritten/,
    );
  }

  it("follows it from bid to award, verdict and payment", async () => {
    const { taskId, bidders } = await awarded();
    expect(await network().json<ShownTask["bids"]>(1, "market", "bids", taskId)).to.deep.equal(bidders);
    const [award] = (await shown(taskId)).assignments;
    expect(award).to.include({ status: "assigned", agentId: String(agentId), price: "25" });
    await certified(taskId);
    const agent = network().client(13, signLock);
    await agent.submitDelivery({ jobId: BigInt(award?.jobId ?? 0), deliverable: keccak256("0x06") });
    await network().text(2, "market", "verdict", taskId, "accept", "--reason", keccak256("0x07"));
    expect(await network().text(1, "market", "show", taskId)).to.match(/^0 +paid +accepted /m);
    expect(await network().json(1, "market", "withdraw", "--account", network().address(13))).to.include({
      amount: "25",
    });
    expect(await network().json(1, "market", "withdraw")).to.include({ amount: "35" });
  });

  it("concludes a unit whose agent did not deliver, and refuses a refund before the job has expired", async () => {
    const { taskId } = await awarded({ deliveryWindow: 2 });
    const [award] = (await shown(taskId)).assignments;
    expectRefusedByRules(
      await network().call(1, "market", "refund", award?.jobId ?? ""),
      /The job has not expired yet\. .*JobEscrowNotExpired/,
    );
    await until(Date.parse(award?.deliveryDeadline ?? "") / 1000);
    const concluded = await network().json(1, "market", "conclude", taskId);
    expect(concluded).to.include({ outcome: "refunded", noShow: true });
    expect(await shown(taskId)).to.include({ status: "closed" });
  });

  it("lists tasks as a table that says what the JSON says, all or by status", async () => {
    const rows = cellsOf(await network().text(1, "market", "list"));
    const listed = await network().json<readonly ShownTask[]>(1, "market", "list");
    expect(rows.map((row) => row.task)).to.deep.equal(listed.map((task) => task.taskId));
    expect(rows.at(-1)).to.include({ status: "closed", mechanism: "firstPrice", reserve: "60", units: "1", bids: "1" });
    const [last] = await network().json<readonly ShownTask[]>(1, "market", "list", "--last", "1");
    expect(last?.taskId).to.equal(listed.at(-1)?.taskId);
    expect(await network().text(1, "market", "list", "--status", "cancelled")).to.equal("No tasks.\n");
  });

  it("cancels a task without bids, and sends credits", async () => {
    const { taskId } = await network().json<{ taskId: string }>(1, "market", "post", taskFile());
    await network().text(1, "market", "cancel", taskId);
    expect((await shown(taskId)).status).to.equal("cancelled");
    const balance = async () =>
      Number((await network().json<{ balance: string }>(1, "market", "balance", network().address(14))).balance);
    const before = await balance();
    await network().text(1, "market", "transfer", network().address(14), "12.5");
    expect(await balance()).to.equal(before + 12.5);
  });

  it("tells the rule by which it was refused, with exit code 1", async () => {
    expectRefusedByRules(await network().call(1, "market", "show", "4711"), /no such task.*TaskMarketUnknownTask/);
    expectRefusedByRules(
      await network().call(1, "market", "post", taskFile({ evaluator: network().address(1) })),
      /The evaluator is missing, or of the requester's own organisation.*TaskMarketInvalidEvaluator/,
    );
    const { taskId } = await network().json<{ taskId: string }>(1, "market", "post", taskFile({ commitWindow: 3000 }));
    expectRefusedByRules(await network().call(3, "market", "settle", taskId), /TenderNotFinalizable/);
  });

  it("refuses a task's file with a mistake, at its place", async () => {
    const post = (change: Record<string, unknown>) => network().call(1, "market", "post", taskFile(change));
    expectMistake(await post({ reserve: 60 }), /task\.json: reserve: must be a string/);
    expectMistake(
      await post({ mechanism: "english" }),
      /task\.json: mechanism: must be one of postedPrice, firstPrice/,
    );
    expectMistake(await post({ commitwindow: 6 }), /task\.json: commitwindow: is not known here; known are/);
    expectMistake(await post({ evaluator: "0x12" }), /task\.json: evaluator: must be an address/);
    expectMistake(await post({ specification: "nowhere.txt" }), /nowhere\.txt cannot be read \(ENOENT\)/);
    expectMistake(await post({ specification: undefined }), /name the file that says what is to be done/);
    expectMistake(await network().call(1, "market", "post", network().path("none.json")), /none\.json does not exist/);
  });
}
