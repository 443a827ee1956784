// What only the default engine does: Hardhat's EVM has its own block hashes, and its pool looks at balances early.
import { expect } from "chai";
import { bigIntToWord, bytesToHex } from "../../node/execution/bytes.ts";
import type { ExecutionEngine, StateView } from "../../node/execution/engine.ts";
import type { Address, Hex } from "../../node/types/brands.ts";
import type { TestEngineName } from "./testEngine.ts";
import {
  childContext,
  executeAndCommit,
  openTestEngine,
  type TestFolder,
  testFolder,
  testGenesis,
} from "./testEngine.ts";
import { Wallet } from "./wallet.ts";

const keeper = `0x${"4e".repeat(20)}` as Address;
/** sstore(calldata[0], blockhash(calldata[0])) */
const keeperCode: Hex = "0x5f35405f355500";

const recursive = `0x${"4c".repeat(20)}` as Address;
/** Counts in slot 0 how often it runs, calls itself with all gas, and returns the count. */
const recursiveCode: Hex = "0x5f546001015f555f5f5f5f5f305af1505f545f5260205ff3";

for (const name of ["ethereumjs", "stock"] satisfies TestEngineName[]) {
  describe(`the default engine with the interpreter ${name === "stock" ? "of @ethereumjs/evm" : "of its own"}`, () => {
    let folder: TestFolder;
    let engine: ExecutionEngine;
    let alice: Wallet;

    beforeEach(async () => {
      folder = testFolder();
      alice = new Wallet(1);
      engine = await openTestEngine(
        folder,
        testGenesis([alice], { [keeper]: { code: keeperCode }, [recursive]: { code: recursiveCode } }),
        name,
      );
    });

    afterEach(async () => {
      await engine.close();
      folder.remove();
    });

    const keep = (height: number) => alice.sign({ to: keeper, data: bytesToHex(bigIntToWord(BigInt(height))) });
    const kept = (view: StateView, height: number): Hex =>
      bytesToHex(view.storageAt(keeper, bigIntToWord(BigInt(height))));
    const zero = bytesToHex(bigIntToWord(0n));

    it("answers BLOCKHASH with the execution hashes of the ancestors, committed or not", async () => {
      const hashes: Hex[] = [engine.committed().executionHash];
      for (let height = 1; height <= 258; height++) hashes.push((await executeAndCommit(engine, [])).executionHash);
      const pending = await engine.execute(childContext(engine.committed()), []);
      hashes.push(pending.executionHash);
      const asked = [0, 3, 4, 5, 200, 258, 259, 260, 261];
      const block = await engine.execute(childContext(pending), asked.map(keep));
      const view = engine.stateAt(block.context.digest) as StateView;
      const expected = asked.map((height) => (height >= 4 && height <= 259 ? hashes[height] : zero));
      expect(asked.map((height) => kept(view, height))).to.deep.equal(expected);
    }).timeout(60_000);

    it("lets a sender spend what it receives earlier in the block", async () => {
      const newcomer = new Wallet(77);
      const { transactions, receipts } = await executeAndCommit(engine, [
        newcomer.sign({ to: keeper, value: 1n, nonce: 0 }),
        alice.sign({ to: newcomer.address, value: 100n, gasLimit: 21_000 }),
        newcomer.sign({ to: alice.address, value: 100n, gasLimit: 21_000, nonce: 0 }),
      ]);
      expect(transactions.map(({ sender }) => sender)).to.deep.equal([alice.address, newcomer.address]);
      expect(receipts.map(({ success }) => success)).to.deep.equal([true, true]);
    });

    it("goes 1,024 calls deep and no further, whatever gas there is", async () => {
      const view = engine.stateAt(engine.committed().context.digest) as StateView;
      const request = { from: alice.address, to: recursive, data: new Uint8Array(0), value: 0n, gasLimit: 10 ** 12 };
      const { returnData, error } = await view.call(request);
      expect([error, BigInt(bytesToHex(returnData))]).to.deep.equal([undefined, 1_025n]);
    }).timeout(60_000);

    it("skips an account that has code, whoever holds its key", async () => {
      const holder = new Wallet(5);
      const genesis = testGenesis([alice, holder], { [holder.address]: { balance: "0xffff", code: "0x00" } });
      const other = testFolder();
      const second = await openTestEngine(other, genesis, name);
      const { transactions } = await executeAndCommit(second, [holder.sign({ to: alice.address, value: 1n })]);
      expect(transactions).to.deep.equal([]);
      await second.close();
      other.remove();
    });

    it("does not count a block as a change that leaves the state as it was", async () => {
      expect((await executeAndCommit(engine, [])).changedState).to.equal(false);
      expect((await executeAndCommit(engine, [alice.sign({ to: alice.address, value: 1n })])).changedState).to.equal(
        true,
      );
      const before = engine.committed().header.stateRoot;
      expect((await executeAndCommit(engine, [])).header.stateRoot).to.equal(before);
    });
  });
}
