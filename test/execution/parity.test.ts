// The same blocks through both engines, and through the interpreter of @ethereumjs/evm as a third opinion: every state root, receipts root and header must be equal. Whatever one of the
// two EVMs does differently in any instruction shows here.
import { expect } from "chai";
import { type Abi, encodeFunctionData } from "viem";
import { bigIntToWord } from "../../node/execution/bytes.ts";
import type { ExecutedBlock, ExecutionEngine } from "../../node/execution/engine.ts";
import type { Receipt } from "../../node/execution/receipt.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import { concat } from "../../node/types/rlpWriter.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { type CompiledContract, compileSolidity } from "./compileSolidity.ts";
import { executeAndCommit, openAllEngines, type TestFolder, testFolder, testGenesis, wallets } from "./testEngine.ts";
import type { TransactionFields, Wallet } from "./wallet.ts";

const [alice, bob, carol, ...others] = wallets(8) as [Wallet, Wallet, Wallet, ...Wallet[]];
const stranger = `0x${"57".repeat(20)}` as Address;

describe("the two execution engines", () => {
  let folder: TestFolder;
  let engines: readonly ExecutionEngine[];
  let everything: CompiledContract;
  let token: CompiledContract;
  let at: Address;

  before(async function () {
    this.timeout(60_000);
    const contracts = compileSolidity("Everything.sol");
    everything = contracts.Everything as CompiledContract;
    token = contracts.Token as CompiledContract;
    folder = testFolder();
    const genesis = testGenesis([alice, bob, carol, ...others]);
    engines = await openAllEngines(folder, genesis);
    const [receipt] = (await both([alice.sign({ data: everything.bytecode, gasLimit: 6_000_000 })])).receipts;
    at = receipt?.contractAddress as Address;
  });

  after(async () => {
    for (const engine of engines) await engine.close();
    folder.remove();
  });

  /** Executes and commits a block on both engines and compares all that it led to. */
  async function both(transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const blocks = await Promise.all(engines.map((engine) => executeAndCommit(engine, transactions)));
    const [ours, ...others] = blocks as [ExecutedBlock, ...ExecutedBlock[]];
    for (const theirs of others) {
      expect(ours.receipts.map(summary)).to.deep.equal(theirs.receipts.map(summary));
      expect(ours.receipts).to.deep.equal(theirs.receipts);
      expect(ours.header).to.deep.equal(theirs.header);
      expect(ours.executionHash).to.equal(theirs.executionHash);
    }
    return ours;
  }

  function call(wallet: Wallet, name: string, args: readonly unknown[], fields: TransactionFields = {}): Transaction {
    const data = encodeFunctionData({ abi: everything.abi as Abi, functionName: name, args });
    return wallet.sign({ to: at, data, gasLimit: 2_000_000, ...fields });
  }

  it("agree on transfers of value", async () => {
    const block = await both([
      alice.sign({ to: bob.address, value: 5n, gasLimit: 21_000 }),
      alice.sign({ to: stranger, value: 10n ** 18n, gasLimit: 30_000, type: 0 }),
      alice.sign({ to: alice.address, value: 3n, gasLimit: 21_000 }),
      bob.sign({ to: `0x${"99".repeat(20)}` as Address, value: 0n, gasLimit: 21_000, type: 1 }),
      bob.sign({ to: carol.address, value: 1n, data: "0x00ff00", gasLimit: 50_000 }),
      bob.sign({ to: `0x${"00".repeat(19)}02` as Address, value: 4n, data: "0x1234", gasLimit: 50_000 }),
      carol.sign({ to: at, value: 77n, gasLimit: 50_000 }),
    ]);
    expect(block.receipts.map((receipt) => receipt.success)).to.deep.equal(new Array(7).fill(true));
  });

  it("skip the same transactions and keep the others", async () => {
    const poor = others[0] as Wallet;
    const balance = engines[0]?.stateAt(engines[0].committed().context.digest)?.balanceOf(poor.address) as bigint;
    const block = await both([
      poor.sign({ to: bob.address, value: balance - 5n, gasLimit: 21_000 }),
      poor.sign({ to: bob.address, value: 6n, gasLimit: 21_000 }),
      bob.sign({ to: carol.address, value: 1n, nonce: bob.nonce + 3 }),
      carol.sign({ to: bob.address, value: 1n, gasLimit: 20_999, nonce: carol.nonce }),
      carol.sign({ data: new Uint8Array(49_153), gasLimit: 5_000_000, nonce: carol.nonce }),
      carol.sign({ to: bob.address, gasLimit: 30_000_001, nonce: carol.nonce }),
      carol.sign({ to: bob.address, value: 2n, gasLimit: 21_000 }),
    ]);
    poor.nonce--;
    expect(block.transactions.length).to.equal(2);
  });

  it("stop filling a block at its gas limit", async () => {
    const block = await both(
      [alice, bob, carol, alice, bob].map((wallet) => call(wallet, "burn", [], { gasLimit: 30_000_000 })),
    );
    for (const wallet of [alice, bob]) wallet.nonce--;
    expect(block.receipts.map((receipt) => receipt.gasUsed)).to.deep.equal(new Array(3).fill(30_000_000));
    expect(block.receipts.every((receipt) => !receipt.success)).to.equal(true);
  });

  it("agree on an ERC-20 token", async () => {
    const [receipt] = (await both([alice.sign({ data: token.bytecode, gasLimit: 3_000_000 })])).receipts;
    const to = receipt?.contractAddress as Address;
    const use = (wallet: Wallet, functionName: string, args: readonly unknown[]): Transaction =>
      wallet.sign({ to, data: encodeFunctionData({ abi: token.abi as Abi, functionName, args }) });
    const block = await both([
      use(alice, "transfer", [bob.address, 500n]),
      use(alice, "approve", [carol.address, 300n]),
      use(carol, "transferFrom", [alice.address, stranger, 300n]),
      use(carol, "transferFrom", [alice.address, stranger, 1n]),
      use(bob, "transfer", [carol.address, 500n]),
      use(bob, "transfer", [carol.address, 1n]),
    ]);
    expect(block.receipts.map((receipt) => receipt.success)).to.deep.equal([true, true, true, false, true, false]);
  });

  it("agree on storage, refunds and logs", async () => {
    await both([call(alice, "write", [0, 20, 7])]);
    const block = await both([
      call(alice, "write", [0, 20, 0]),
      call(bob, "write", [5, 3, 1]),
      call(bob, "write", [5, 3, 0]),
      call(carol, "write", [0, 3, 9], {
        type: 1,
        accessList: [{ address: at, storageKeys: [`0x${"00".repeat(31)}01`, `0x${"00".repeat(31)}02`] }],
      }),
      call(carol, "logs", [3, "0x"]),
      call(carol, "logs", [4, `0x${"ab".repeat(100)}`]),
    ]);
    expect(block.receipts.at(-1)?.logs.length).to.equal(7);
  });

  it("agree on every way of writing a slot three times", async () => {
    // Hashes enough for every refund to be given in full, then stores the second to fourth word under the first one.
    // Not in Solidity, whose optimizer knows that only the last of the writes counts.
    const runtime = "62030000 5f 20 50 602035 5f35 55 604035 5f35 55 606035 5f35 55 00".replaceAll(" ", "");
    const data: Hex = `0x60${(runtime.length / 2).toString(16)}8060095f395ff3${runtime}`;
    const to = (await both([bob.sign({ data })])).receipts[0]?.contractAddress as Address;
    const values = [0n, 1n, 2n];
    const write = (...words: bigint[]) =>
      bob.sign({ to, data: concat([70_000n, ...words].map((word) => bigIntToWord(word))), gasLimit: 400_000 });
    for (const original of values) {
      const transactions = values.flatMap((a) =>
        values.flatMap((b) => values.flatMap((c) => [write(original, original, original), write(a, b, c)])),
      );
      const { receipts } = await both(transactions);
      expect(new Set(receipts.map(({ gasUsed }) => gasUsed)).size, "prices differ").to.be.greaterThan(5);
    }
  });

  it("agree on everything that fails", async () => {
    const block = await both([
      call(alice, "refuse", [3]),
      call(alice, "refuseSilently", []),
      call(alice, "panic", [5]),
      call(alice, "invalid", [], { gasLimit: 300_000 }),
      call(alice, "burn", [], { gasLimit: 400_000 }),
      call(alice, "write", [900, 4, 1], { gasLimit: 60_000 }),
      alice.sign({ to: at, data: "0xdeadbeef" }),
      alice.sign({ to: at, data: "0xdead", value: 5n }),
      alice.sign({ data: "0xfe", gasLimit: 100_000 }),
      alice.sign({ data: "0x60ef60005360016000f3", gasLimit: 100_000 }),
      alice.sign({ data: "0x6160016000f3", gasLimit: 100_000 }),
      alice.sign({ data: "0x62600160005ff3", gasLimit: 200_000 }),
      alice.sign({ data: everything.bytecode, gasLimit: 900_000 }),
    ]);
    expect(block.receipts.filter((receipt) => receipt.success).length).to.be.lessThan(3);
  });

  it("agree on failures inside a call that goes on", async () => {
    await both([
      call(alice, "catching", [20_000]),
      call(bob, "catching", [200_000]),
      call(carol, "catching", [1_000]),
      call(carol, "staticWrite", []),
      call(carol, "nestedStatic", []),
      call(carol, "recurse", [30]),
      call(bob, "recurse", [40], { gasLimit: 400_000 }),
      call(bob, "send", [stranger, 10n], { value: 3n }),
      call(bob, "send", [stranger, 10n ** 30n], { value: 3n }),
      call(bob, "send", [at, 1n], { value: 1n }),
      call(bob, "send", [`0x${"ee".repeat(20)}`, 0n]),
    ]);
  });

  it("agree on creation, collision and destruction", async () => {
    const salt = `0x${"01".repeat(32)}`;
    await both([
      call(alice, "create", [5], { value: 9n }),
      call(alice, "create2", [salt, 6], { value: 8n }),
      call(alice, "create2", [salt, 6]),
      call(alice, "tryCreate2", [salt, 6]),
      call(alice, "tryCreate2", [`0x${"02".repeat(32)}`, 6]),
      call(bob, "createAndDestroy", [`0x${"03".repeat(32)}`, stranger], { value: 50n }),
      call(bob, "createAndDestroy", [`0x${"03".repeat(32)}`, stranger], { value: 51n }),
      call(bob, "destroyLast", [stranger]),
      call(bob, "create", [1], { value: 20n }),
    ]);
    await both([
      call(bob, "destroyLast", [stranger]),
      call(bob, "destroyLast", [stranger]),
      bob.sign({ data: "0x00", value: 5n }),
      bob.sign({ data: "0x600160015560006000f3", gasLimit: 100_000 }),
      // Creates, writes and destroys itself in its constructor, sending its balance to itself: the balance is gone.
      bob.sign({ data: "0x600160015530ff", value: 5n, gasLimit: 200_000 }),
      bob.sign({ data: "0x6001600155737777777777777777777777777777777777777777ff", value: 5n, gasLimit: 200_000 }),
    ]);
  });

  it("agree on delegation, transient storage, memory and the environment", async () => {
    const refuse = encodeFunctionData({ abi: everything.abi as Abi, functionName: "refuse", args: [1] });
    const write = encodeFunctionData({ abi: everything.abi as Abi, functionName: "write", args: [70, 3, 5] });
    await both([
      call(alice, "delegate", [at, refuse]),
      call(alice, "delegate", [at, write]),
      call(alice, "delegate", [stranger, write]),
      call(alice, "transient_", [3, 99]),
      call(alice, "readTransient", [3]),
      call(alice, "copies", [`0x${"0123456789abcdef".repeat(20)}`]),
      call(alice, "copies", ["0x"]),
      call(alice, "environment", [bob.address], { value: 3n }),
      call(alice, "environment", [at]),
      call(alice, "environment", [`0x${"e1".repeat(20)}`]),
    ]);
  });

  it("agree on precompiled contracts", async () => {
    await both([
      call(alice, "precompiles", [`0x${"00".repeat(128)}`], { gasLimit: 5_000_000 }),
      call(alice, "precompiles", [`0x${"7f".repeat(213)}`], { gasLimit: 5_000_000 }),
      call(alice, "precompiles", ["0x01"], { gasLimit: 5_000_000 }),
      call(alice, "curve", [12_345n]),
      call(alice, "curve", [2n ** 256n - 1n]),
      call(alice, "ecrecoverOf", [`0x${"12".repeat(32)}`, 27, `0x${"01".repeat(32)}`, `0x${"7f".repeat(32)}`]),
      call(alice, "ecrecoverOf", [`0x${"12".repeat(32)}`, 28, `0x${"ff".repeat(32)}`, `0x${"01".repeat(32)}`]),
      call(alice, "ecrecoverOf", [`0x${"12".repeat(32)}`, 29, `0x${"01".repeat(32)}`, `0x${"01".repeat(32)}`]),
      call(alice, "ecrecoverOf", [`0x${"12".repeat(32)}`, 27, `0x${"00".repeat(32)}`, `0x${"01".repeat(32)}`]),
    ]);
  });

  it("agree on arithmetic at its edges", async () => {
    const edges = [
      0n,
      1n,
      2n,
      31n,
      255n,
      256n,
      2n ** 128n,
      2n ** 255n - 1n,
      2n ** 255n,
      2n ** 256n - 2n,
      2n ** 256n - 1n,
    ];
    const transactions: Transaction[] = [];
    for (const a of edges) {
      for (const b of edges) {
        const m = edges[(transactions.length * 7) % edges.length] as bigint;
        transactions.push(call(alice, "arithmetic", [a, b, m], { gasLimit: 800_000 }));
      }
    }
    const block = await both(transactions);
    expect(block.transactions.length).to.equal(edges.length ** 2);
  }).timeout(60_000);
});

/** What a reader of a failed comparison wants to see first. */
const summary = (receipt: Receipt, position: number): string =>
  `${position}: ${receipt.success ? "success" : "failure"}, ${receipt.gasUsed} gas, ${receipt.logs.length} logs`;
