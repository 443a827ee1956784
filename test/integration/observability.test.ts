// What an operator sees of a running network of four processes: metrics, logs that follow one id, and readiness.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import type { Hex } from "../../node/types/brands.ts";
import { FaultyNetwork } from "../recovery/faultyNetwork.ts";
import { until } from "../recovery/recoveryRun.ts";
import { call, chainId } from "./cluster.ts";

interface LogLine {
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** Bytes of one transaction where many blocks must take long to fetch. */
const longDataBytes = 20_000;
const slowBytesPerSecond = 60_000;

describe("four validators under observation", function () {
  this.timeout(600_000);
  let network: FaultyNetwork;
  let nonce = 0;
  const account = privateKeyToAccount(developmentAccounts(9).at(-1)?.privateKey as Hex);

  before(async () => {
    network = await FaultyNetwork.start("trace");
    // A gossip network takes a moment to find itself; what is sent before that reaches the others in a block.
    for (const each of validators()) {
      await until(`${each.name} hears what another is sent`, async () => {
        await send(
          "0x",
          validators().find((other) => other !== each),
        );
        return (await metric(each, "allot_p2p_message_bytes_total", 'channel="gossip",direction="in"')) > 100;
      });
    }
  });
  after(() => network?.stop());

  const validators = (): readonly DevnetValidator[] => network.cluster.devnet.validators;
  const validator = (index: number): DevnetValidator => network.cluster.validator(index);
  const signed = (data: Hex, at = nonce++): Promise<Hex> =>
    account.signTransaction({ type: "eip1559", chainId, nonce: at, to: account.address, data, gas: 1_000_000n });

  /** Sent by HTTP with an id of the client's own; resolves with the answer and the id that came back. */
  async function post(to: DevnetValidator, request: string, method: string, ...params: readonly unknown[]) {
    const headers = { "content-type": "application/json", "x-request-id": request };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(to.rpcUrl(), { method: "POST", headers, body });
    const { result } = (await response.json()) as { result?: unknown };
    return { result, request: response.headers.get("x-request-id") };
  }

  async function executed(hash: Hex, at: DevnetValidator): Promise<void> {
    await until(
      `${hash} is executed`,
      async () => (await call(at.rpcUrl(), "eth_getTransactionReceipt", hash)) !== null,
    );
  }

  /** One transaction ordered and executed, everywhere but where nobody listens. */
  async function send(data: Hex, to = validator(0)): Promise<Hex> {
    const raw = await signed(data);
    await call(to.rpcUrl(), "eth_sendRawTransaction", raw);
    await executed(keccak256(raw), to);
    return keccak256(raw);
  }

  /** Sum over the series of a metric that have these labels. */
  async function metric(of: DevnetValidator, name: string, labels = ""): Promise<number> {
    const text = await (await fetch(new URL("/metrics", of.rpcUrl()))).text();
    return text
      .split("\n")
      .filter((line) => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(labels)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  async function readiness(of: DevnetValidator) {
    const response = await fetch(new URL("/ready", of.rpcUrl()));
    return { status: response.status, report: (await response.json()) as Record<string, unknown> };
  }

  const linesOf = ({ logFile }: DevnetValidator): readonly LogLine[] =>
    readFileSync(logFile, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as LogLine);

  it("one request, its transaction and its block can be followed by id from admission to the receipt", async () => {
    const [first, , third] = validators() as [DevnetValidator, DevnetValidator, DevnetValidator];
    const raw = await signed("0x");
    const sent = await post(first, "follow-me.1", "eth_sendRawTransaction", raw);
    expect(sent).to.deep.equal({ result: keccak256(raw), request: "follow-me.1" });
    const hash = keccak256(raw);
    await Promise.all(validators().map((each) => executed(hash, each)));
    await post(third, "follow-me.2", "eth_getTransactionReceipt", hash);

    const of = (line: LogLine): boolean => line.transaction === hash;
    const answered = (each: DevnetValidator, request: string) =>
      linesOf(each).filter((line) => line.msg === "answered a call" && line.request === request && of(line));
    await until("the receipt's line", () => answered(third, "follow-me.2").length === 1);
    expect(answered(first, "follow-me.1"), "request → transaction").to.have.length(1);
    const holding = linesOf(first).filter(
      ({ msg, transactions }) => msg === "what the block holds" && (transactions as readonly Hex[]).includes(hash),
    );
    const { digest } = holding.at(-1) as LogLine;
    expect(digest, "transaction → block").to.match(/^0x[0-9a-f]{64}$/);
    let proposers = 0;
    for (const each of validators()) {
      const lines = linesOf(each);
      expect(
        lines.filter(({ msg, transaction }) => msg === "admitted" && transaction === hash),
        each.name,
      ).to.have.length(1);
      const trail = () => linesOf(each).flatMap((line) => (line.digest === digest ? [line.msg] : []));
      await until(`${each.name} commits the block`, () => trail().includes("committed"));
      expect(trail(), each.name).to.include.members(["what the block holds", "executed", "committed"]);
      if (trail().includes("proposing a block")) proposers++;
      else expect(trail(), each.name).to.include("verified a proposal");
      expect(trail().indexOf("executed")).to.be.lessThan(trail().indexOf("committed"));
    }
    expect(proposers, "one of them proposed it").to.equal(1);
  });

  it("metrics say what the network does", async () => {
    const observed = validator(0);
    for (let i = 0; i < 3; i++) await send("0x");
    const height = Number(await call<Hex>(observed.rpcUrl(), "eth_blockNumber"));
    expect(await metric(observed, "allot_consensus_height")).to.be.at.least(height);
    expect(await metric(observed, "allot_consensus_view")).to.be.greaterThan(height);
    expect(await metric(observed, "allot_consensus_signing")).to.equal(1);
    expect(await metric(observed, "allot_consensus_byzantine_validators")).to.equal(0);
    expect(await metric(observed, "allot_consensus_missing_validators")).to.equal(0);
    expect(await metric(observed, "allot_consensus_block_interval_seconds_count")).to.be.at.least(3);
    expect(await metric(observed, "allot_consensus_block_interval_seconds_sum")).to.be.greaterThan(0);
    expect(await metric(observed, "allot_consensus_step_duration_seconds_count", 'input="message"')).to.be.at.least(9);
    expect(await metric(observed, "allot_execution_duration_seconds_count")).to.be.at.least(3);
    expect(await metric(observed, "allot_p2p_peers")).to.equal(3);
    expect(await metric(observed, "nodejs_eventloop_lag_seconds")).to.be.at.least(0);
    expect(await metric(observed, "nodejs_eventloop_lag_p99_seconds")).to.be.greaterThan(0);
    for (const direction of ["in", "out"]) {
      for (const channel of ["consensus", "gossip"]) {
        const labels = `channel="${channel}",direction="${direction}"`;
        expect(await metric(observed, "allot_p2p_message_bytes_total", labels), labels).to.be.greaterThan(100);
      }
    }
    // It waits for the one before it.
    await call(observed.rpcUrl(), "eth_sendRawTransaction", await signed("0x", nonce + 1));
    expect(await metric(observed, "allot_mempool_size")).to.equal(1);
    expect(await metric(observed, "allot_mempool_executable")).to.equal(0);
    await send("0x");
    nonce++;
    await until("both have been ordered", async () => (await metric(observed, "allot_mempool_size")) === 0);
  });

  it("metrics say that a validator is gone, and which views were given up for it", async () => {
    const [observed, gone] = [validator(0), validator(3)];
    await gone.kill();
    await until("its loss is counted", async () => {
      await send("0x");
      return (await metric(observed, "allot_consensus_missing_validators")) === 1;
    });
    expect(await metric(observed, "allot_p2p_peers")).to.equal(2);
    expect(await metric(observed, "allot_consensus_timeouts_total", "reason=")).to.be.greaterThan(0);
    await gone.start();
    await until("it is back", async () => {
      await send("0x");
      return (await metric(observed, "allot_consensus_missing_validators")) === 0;
    });
  });

  it("a validator that catches up is not ready, and says how far it is behind", async () => {
    const late = validator(3);
    await until("it is ready", async () => (await readiness(late)).status === 200);
    await late.kill();
    const data = `0x${"11".repeat(longDataBytes)}` as const;
    for (let i = 0; i < 30; i++) await send(data);
    network.set((from, to) => (from === 3 || to === 3 ? { bytesPerSecond: slowBytesPerSecond } : undefined));
    await late.start();
    let seen = await readiness(late);
    await until("it reaches a quorum and knows that it is behind", async () => {
      seen = await readiness(late);
      return (
        Number(seen.report.reachable) >= 3 && Number(seen.report.highestFinalized) > Number(seen.report.height) + 4
      );
    });
    expect(seen.status, JSON.stringify(seen.report)).to.equal(503);
    expect(seen.report).to.include({ ok: false, phase: "syncing" });
    expect((await fetch(new URL("/health", late.rpcUrl()))).status, "it is healthy meanwhile").to.equal(200);
    network.set(() => undefined);
    await until("it is ready", async () => (await readiness(late)).status === 200);
  });
});
