// Logs and transactions in detail: places within a block, wide ranges, every type of transaction.
import { expect } from "chai";
import {
  decodeEventLog,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseTransaction,
  serializeTransaction,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { callsConcurrentMax, callsWaitingMax, logQueryBlocksMax, logSliceBlocksMax } from "../../node/config/limits.ts";
import { CallSlots } from "../../node/rpc/callSlots.ts";
import { hexOf } from "../../node/types/hex.ts";
import { holders } from "../application/testLedger.ts";
import { type Signer, someone } from "../mempool/signing.ts";
import { notebookAbi, notebookBytecode } from "./notebook.ts";
import { startTestNode, type TestNode } from "./testNode.ts";

interface JsonLog {
  readonly address: Hex;
  readonly topics: [Hex, ...Hex[]];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly transactionIndex: Hex;
  readonly logIndex: Hex;
}

describe("logs", function () {
  this.timeout(60_000);
  const alice = privateKeyToAccount(hexOf((holders[0] as Signer).key));
  const fees = { chainId: 31_107, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 500_000n };
  let node: TestNode;
  let notebook: Hex;
  let nonce = 0;

  const send = async (to: Hex | undefined, data: Hex, used = nonce++) => {
    const raw = await alice.signTransaction({ ...fees, nonce: used, data, ...(to === undefined ? {} : { to }) });
    return node.call("eth_sendRawTransactionSync", raw);
  };
  const note = (text: string, used?: number) =>
    send(notebook, encodeFunctionData({ abi: notebookAbi, functionName: "note", args: [text] }), used);
  const query = async (filter: object) => node.call("eth_getLogs", filter);
  const textsOf = (logs: unknown) =>
    (logs as JsonLog[]).map(
      (log) => decodeEventLog({ abi: notebookAbi, data: log.data, topics: log.topics }).args.text,
    );

  before(async () => {
    node = await startTestNode();
    const data = encodeDeployData({ abi: notebookAbi, bytecode: notebookBytecode(), args: [0n] });
    notebook = ((await send(undefined, data)).result as { contractAddress: Hex }).contractAddress;
  });
  after(() => node.close());

  it("number the logs of a block, in receipts as in queries", async () => {
    // The later nonces come first and wait for the first, so that all are in one block.
    const [third, second, first] = await Promise.all([
      note("third", nonce + 2),
      new Promise((resolve) => setTimeout(resolve, 30)).then(() => note("second", nonce + 1)),
      new Promise((resolve) => setTimeout(resolve, 60)).then(() => note("first", nonce)),
    ]);
    nonce += 3;
    const receipts = [first, second, third].map((each) => each.result as { logs: JsonLog[]; blockNumber: Hex });
    expect(new Set(receipts.map((each) => each.blockNumber)).size).to.equal(1);
    const inReceipts = receipts.flatMap((each) => each.logs);
    expect(inReceipts.map((log) => [log.transactionIndex, log.logIndex])).to.deep.equal([
      ["0x0", "0x0"],
      ["0x1", "0x1"],
      ["0x2", "0x2"],
    ]);
    const { result } = await query({ fromBlock: receipts[0]?.blockNumber, toBlock: receipts[0]?.blockNumber });
    expect(result).to.deep.equal(inReceipts);
    const { result: whole } = await node.call("eth_getBlockReceipts", receipts[0]?.blockNumber);
    expect((whole as { logs: JsonLog[] }[]).flatMap((each) => each.logs)).to.deep.equal(inReceipts);
  });

  it("are found by address, topic, alternatives of both, and block hash", async () => {
    const { result } = await query({ fromBlock: "earliest", address: notebook });
    const all = result as (JsonLog & { blockHash: Hex })[];
    const number = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;
    const texts = async (filter: object) => textsOf((await query({ fromBlock: "0x0", ...filter })).result);
    expect(await texts({ topics: [null, null, number(2)] })).to.deep.equal(["second"]);
    expect(await texts({ topics: [null, null, [number(1), number(3)]] })).to.deep.equal(["first", "third"]);
    expect(await texts({ topics: [[], []], address: [] })).to.deep.equal(["first", "second", "third"]);
    expect(await texts({ address: [someone, notebook] })).to.have.length(3);
    expect(await texts({ address: someone })).to.deep.equal([]);
    expect(await texts({ topics: [number(1)] })).to.deep.equal([]);
    expect((await query({ blockHash: all[0]?.blockHash })).result).to.have.length(3);
    expect((await query({ blockHash: number(1) })).error?.message).to.contain("block not found");
  });

  it("are followed by a filter from where it was installed, and listed whole by eth_getFilterLogs", async () => {
    const { result: id } = await node.call("eth_newFilter", { address: notebook, fromBlock: "0x0" });
    expect((await node.call("eth_getFilterChanges", id)).result).to.deep.equal([]);
    await note("fourth");
    expect(textsOf((await node.call("eth_getFilterChanges", id)).result)).to.deep.equal(["fourth"]);
    expect((await node.call("eth_getFilterChanges", id)).result).to.deep.equal([]);
    expect(textsOf((await node.call("eth_getFilterLogs", id)).result)).to.have.length(4);
    expect((await node.call("eth_uninstallFilter", id)).result).to.equal(true);
    expect((await node.call("eth_getFilterChanges", id)).error?.message).to.contain("filter not found");
  });

  it("are found in every slice of a wide range, and not in one that is too wide", async () => {
    await node.ledger.sequencer.idle();
    for (let count = 0; count < logSliceBlocksMax + 20; count++) await node.ledger.sequencer.produce([]);
    await note("middle");
    await node.ledger.sequencer.idle();
    for (let count = 0; count < logSliceBlocksMax; count++) await node.ledger.sequencer.produce([]);
    await note("last");
    const { result } = await query({ fromBlock: "0x0", address: notebook });
    expect(textsOf(result)).to.deep.equal(["first", "second", "third", "fourth", "middle", "last"]);
    const ahead = `0x${(logQueryBlocksMax * 2).toString(16)}`;
    expect((await query({ fromBlock: ahead, toBlock: ahead })).result).to.deep.equal([]);
  });

  it("come from transactions of every type, which can be put together again from their JSON", async () => {
    const data = encodeFunctionData({ abi: notebookAbi, functionName: "note", args: ["typed"] });
    const accessList = [{ address: notebook, storageKeys: [`0x${"00".repeat(32)}` as Hex] }];
    const common = { to: notebook, data, gas: 500_000n, chainId: 31_107, value: 3n };
    const raws = [
      await alice.signTransaction({ ...common, type: "legacy", gasPrice: 0n, nonce: nonce++ }),
      await alice.signTransaction({ ...common, type: "eip2930", gasPrice: 0n, accessList, nonce: nonce++ }),
      await alice.signTransaction({ ...common, ...fees, type: "eip1559", accessList, nonce: nonce++ }),
    ];
    for (const raw of raws) {
      const { result: receipt } = await node.call("eth_sendRawTransactionSync", raw);
      const { result } = await node.call("eth_getTransactionByHash", keccak256(raw));
      const json = result as Record<"r" | "s" | "v" | "type" | "nonce" | "gas" | "value" | "input", Hex> & {
        yParity?: Hex;
      };
      const parsed = parseTransaction(raw);
      const signature = {
        r: json.r,
        s: json.s,
        v: BigInt(json.v),
        ...(json.yParity && { yParity: Number(json.yParity) }),
      };
      const { r: _r, s: _s, v: _v, yParity: _y, ...unsigned } = parsed as Record<string, unknown>;
      expect(serializeTransaction(unsigned as never, signature as never)).to.equal(raw);
      expect(receipt).to.include({ type: json.type, status: "0x1" });
      expect([Number(json.nonce), BigInt(json.gas), BigInt(json.value), json.input]).to.deep.equal([
        parsed.nonce,
        500_000n,
        3n,
        data,
      ]);
    }
  });
});

describe("calls at the same time", () => {
  it("are no more than the limit, and neither are those that wait", async () => {
    const slots = new CallSlots();
    let running = 0;
    let most = 0;
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const work = async () => {
      most = Math.max(most, ++running);
      await gate;
      running--;
    };
    const all = Array.from({ length: callsConcurrentMax + callsWaitingMax }, () => slots.run(work));
    const refused = await slots.run(work).catch((error: Error) => error.message);
    expect(refused).to.contain(`${callsWaitingMax} calls wait already`);
    finish();
    await Promise.all(all);
    expect(most).to.equal(callsConcurrentMax);
    await slots.run(work);
  });
});
