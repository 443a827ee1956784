import { expect } from "chai";
import { type EIP1193Provider, keccak256, type LocalAccount } from "viem";
import { hardhat } from "viem/chains";
import { type AllotClient, type ClientError, createAllotClient, type PostedTask } from "../../sdk/index.ts";
import { type Faults, faultyTransport } from "./fixtures/faultyTransport.ts";
import { startHardhatNetwork } from "./fixtures/hardhatNetwork.ts";
import type { TestNetwork } from "./fixtures/testNetwork.ts";
import { eventually } from "./suite/actors.ts";

const receiver = `0x${"00".repeat(17)}a11071` as const;
type Parameters = readonly unknown[];
const posting = {
  specification: keccak256("0x01"),
  mechanism: "postedPrice",
  evaluator: receiver,
  reserve: 1n,
  commitWindow: 60,
  revealWindow: 60,
  deliveryWindow: 60,
  verdictWindow: 60,
} as const;

describe("the SDK over a node that fails", () => {
  let network: TestNetwork;
  let sound: AllotClient;
  before(async function () {
    this.timeout(60_000);
    network = await startHardhatNetwork();
    sound = network.client(1);
  });
  after(() => network?.close());

  /** A client of account 1 whose requests suffer `next`. */
  const suffering = (next: Faults["next"], sendTimeoutMs = 10_000): AllotClient =>
    createAllotClient({
      transport: faultyTransport(sound.transport as unknown as EIP1193Provider, { next }),
      account: sound.account as LocalAccount,
      chain: hardhat,
      contracts: sound.allot.rules,
      pollingInterval: 20,
      sendTimeoutMs,
    });
  const received = async () => (await sound.getCredits({ account: receiver })).balance;

  it("sends once what the node took without an answer", async () => {
    const before = await received();
    let lost = 0;
    const client = suffering((method) =>
      method === "eth_sendRawTransaction" && lost++ < 3 ? "lose-answer" : undefined,
    );
    await client.transferCredits({ to: receiver, amount: 5n });
    expect((await received()) - before).to.equal(5n);
    expect(lost).to.be.greaterThan(1);
    await client.transferCredits({ to: receiver, amount: 7n });
    expect((await received()) - before).to.equal(12n);
  });

  it("waits for a node that comes back", async () => {
    const before = await received();
    const backAt = Date.now() + 700;
    const client = suffering(() => (Date.now() < backAt ? "lose-request" : undefined));
    await Promise.all([1n, 2n, 3n].map((amount) => client.transferCredits({ to: receiver, amount })));
    expect((await received()) - before).to.equal(6n);
  });

  it("says so when no node answers, and goes on when one does", async () => {
    const before = await received();
    let down = true;
    const client = suffering(() => (down ? "lose-request" : undefined), 300);
    const tries = [{}, { gas: 100_000n }].map((gas) => client.transferCredits({ to: receiver, amount: 1n, ...gas }));
    for (const outcome of await Promise.allSettled(tries)) {
      expect(outcome).to.have.property("reason").with.property("code", "NODE_UNREACHABLE");
    }
    down = false;
    await client.transferCredits({ to: receiver, amount: 1n });
    expect((await received()) - before).to.equal(1n);
  });

  it("sends again what a node accepted and forgot", async () => {
    const before = await received();
    let swallowed = 0;
    const client = suffering((method, [raw]: Parameters) =>
      method === "eth_sendRawTransaction" && swallowed++ === 0
        ? { swallow: keccak256(raw as `0x${string}`) }
        : undefined,
    );
    await client.transferCredits({ to: receiver, amount: 9n });
    expect(swallowed).to.be.greaterThan(1);
    expect((await received()) - before).to.equal(9n);
  });

  it("keeps the number of a refused transaction for the next", async () => {
    const before = await received();
    const client = suffering(() => undefined);
    const tooLittleGas = client.transferCredits({ to: receiver, amount: 1n, gas: 100n });
    const outcomes = await Promise.allSettled([tooLittleGas, client.transferCredits({ to: receiver, amount: 2n })]);
    expect(outcomes[0]).to.have.property("reason").with.property("code", "TRANSACTION_REFUSED");
    expect(outcomes[1]).to.have.property("status", "fulfilled");
    expect((await received()) - before).to.equal(2n);
  });

  it("tells a callback that fails from a node that does not answer, and repeats only what failed", async () => {
    let down = false;
    const client = suffering(() => (down ? "lose-request" : undefined));
    const seen: bigint[] = [];
    const errors: { code?: string; cause?: unknown; facts?: object }[] = [];
    const defect = new RangeError("a defect of the program");
    const fromBlock = (await sound.getBlockNumber()) + 1n;
    const posted: bigint[] = [];
    for (let i = 0; i < 4; i++) posted.push((await sound.postTask(posting)).taskId);
    const unwatch = client.watchTasks({
      fromBlock,
      pollIntervalMs: 5,
      onError: (error) => errors.push(error as ClientError),
      onTask({ taskId }) {
        seen.push(taskId);
        if (taskId === posted[2] && seen.filter((one) => one === taskId).length < 3) throw defect;
      },
    });
    try {
      await eventually(() => seen.includes(posted[3] as bigint));
      const [first, second, third, last] = posted;
      expect(seen).to.deep.equal([first, second, third, third, third, last]);
      expect(errors.map(({ code, cause }) => [code, cause])).to.deep.equal([
        ["CALLBACK_FAILED", defect],
        ["CALLBACK_FAILED", defect],
      ]);
      down = true;
      await eventually(() => errors.length > 2);
      expect(errors[2]).not.to.have.property("code", "CALLBACK_FAILED");
      // Further tasks are handed over once the node is back, each once.
      posted.push((await sound.postTask(posting)).taskId, (await sound.postTask(posting)).taskId);
      down = false;
      await eventually(() => seen.length >= 8);
      expect(seen.slice(6)).to.deep.equal(posted.slice(4));
    } finally {
      unwatch();
    }
  });

  it("misses no task although another node, behind the first, answers now and then", async () => {
    let turn = 0;
    // Every other query for logs, and the height right after it, come from a node two blocks behind.
    const behind = suffering((method) => {
      if (method === "eth_getLogs") turn++;
      return undefined;
    });
    const request = behind.request.bind(behind) as unknown as (call: {
      method: string;
      params?: Parameters;
    }) => Promise<unknown>;
    let stale = false;
    const lagging = Object.assign(Object.create(behind), {
      request: async (call: { method: string; params?: Parameters }) => {
        if (call.method === "eth_blockNumber") {
          const height = BigInt((await request(call)) as string);
          const seen = stale ? height - 2n : height;
          stale = false;
          return `0x${seen.toString(16)}`;
        }
        if (call.method !== "eth_getLogs" || turn % 2 === 1) return request(call);
        stale = true;
        const height = BigInt((await request({ method: "eth_blockNumber" })) as string);
        const [filter] = call.params as readonly [{ fromBlock: string; toBlock: string }];
        const to = BigInt(filter.toBlock) < height - 2n ? BigInt(filter.toBlock) : height - 2n;
        turn++;
        if (to < BigInt(filter.fromBlock)) return [];
        return request({ method: "eth_getLogs", params: [{ ...filter, toBlock: `0x${to.toString(16)}` }] });
      },
    }) as AllotClient;
    const { watchTasks } = await import("../../sdk/index.ts");
    const seen: PostedTask[] = [];
    const fromBlock = (await sound.getBlockNumber()) + 1n;
    const unwatch = watchTasks(lagging, { fromBlock, pollIntervalMs: 5, onTask: (task) => void seen.push(task) });
    const posted: bigint[] = [];
    for (let i = 0; i < 12; i++) posted.push((await sound.postTask(posting)).taskId);
    // Two further blocks, so that even the node behind has the last task.
    for (let i = 0; i < 3; i++) await sound.transferCredits({ to: receiver, amount: 1n });
    const deadline = Date.now() + 45_000;
    while (seen.length < posted.length && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    unwatch();
    expect(seen.map((task) => task.taskId)).to.deep.equal(posted);
  });
});
