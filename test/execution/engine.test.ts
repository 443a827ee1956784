import { createBlockHeader } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { keccak256 } from "../../node/crypto/keccak.ts";
import { bigIntToBytes, bigIntToWord, bytesToHex, hexToBytes } from "../../node/execution/bytes.ts";
import type { AccountProof, ExecutedBlock, ExecutionEngine, StateView } from "../../node/execution/engine.ts";
import { encodeAccount } from "../../node/execution/state/account.ts";
import { type Address, type Digest, Height, type Hex } from "../../node/types/brands.ts";
import { AllotError, InvariantError } from "../../node/types/errors.ts";
import { encodeBytes } from "../../node/types/rlpWriter.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import {
  childContext,
  executeAndCommit,
  openTestEngine,
  type TestFolder,
  testFolder,
  testGenesis,
  wallets,
} from "./testEngine.ts";
import type { Wallet } from "./wallet.ts";

/** sstore(calldata[0], calldata[32]); log1(memory = calldata[32], topic = calldata[0]) */
const keeper = "0x6020355f35556020355f5260205f5f3560205fa100";
const creation = (runtime: string): Hex =>
  `0x60${((runtime.length - 2) / 2).toString(16)}8060095f395ff3${runtime.slice(2)}`;
const pair = (slot: number, value: number): Hex =>
  `0x${bytesToHex(bigIntToWord(BigInt(slot))).slice(2)}${bytesToHex(bigIntToWord(BigInt(value))).slice(2)}`;

for (const name of ["ethereumjs", "hardhat"] as const) {
  describe(`the engine ${name}`, () => {
    const genesisHolder = wallets(3);
    let folder: TestFolder;
    let engine: ExecutionEngine;
    let alice: Wallet;
    let contract: Address;

    beforeEach(async () => {
      folder = testFolder();
      alice = wallets(1)[0] as Wallet;
      engine = await openTestEngine(folder, testGenesis(genesisHolder), name);
      const [receipt] = (await executeAndCommit(engine, [alice.sign({ data: creation(keeper) })])).receipts;
      contract = receipt?.contractAddress as Address;
    });

    afterEach(async () => {
      await engine.close();
      folder.remove();
    });

    const keep = (slot: number, value: number): Transaction => alice.sign({ to: contract, data: pair(slot, value) });
    const kept = (view: StateView | undefined, slot: number): bigint =>
      BigInt(bytesToHex(view?.storageAt(contract, bigIntToWord(BigInt(slot))) ?? new Uint8Array(32)));
    const viewAt = (height: number): StateView => engine.stateAt(Height(height)) as StateView;

    it("keeps past states readable, calls and proofs included", async () => {
      for (let height = 2; height <= 12; height++) await executeAndCommit(engine, [keep(1, height), keep(height, 1)]);
      for (let height = 2; height <= 12; height++) {
        const view = viewAt(height);
        expect(kept(view, 1), `height ${height}`).to.equal(BigInt(height));
        expect(kept(view, height + 1), `height ${height}`).to.equal(0n);
        expect(view.nonceOf(alice.address)).to.equal(1 + 2 * (height - 1));
        await verifyProof(await view.proof(contract, ["0x1", bytesToHex(bigIntToWord(BigInt(height + 1)))]), view);
      }
      expect(engine.stateAt(Height(13))).to.equal(undefined);
    });

    it("proves the accounts and slots of a block that is not committed", async () => {
      const block = await engine.execute(childContext(engine.committed()), [keep(5, 55)]);
      const view = engine.stateAt(block.context.digest) as StateView;
      expect(kept(view, 5)).to.equal(55n);
      expect(kept(engine.stateAt(engine.committed().context.digest), 5)).to.equal(0n);
      await verifyProof(await view.proof(contract, ["0x5", "0x6"]), view, block);
      await verifyProof(await view.proof(`0x${"ab".repeat(20)}` as Address, []), view, block);
    });

    /** Checks a proof with @ethereumjs/mpt against the state root of the block. */
    async function verifyProof(proof: AccountProof, view: StateView, known?: ExecutedBlock): Promise<void> {
      const block = known ?? (engine.chain.blockAt(view.height) as ExecutedBlock);
      const root = hexToBytes(block.header.stateRoot);
      const account = await verifyMerkleProof(
        keccak256(hexToBytes(proof.address)),
        proof.accountProof.map(hexToBytes),
        { root },
      );
      const exists = view.codeOf(proof.address).length > 0;
      expect(account && bytesToHex(account)).to.equal(exists ? bytesToHex(encodeAccount(proof.account)) : null);
      for (const { key, value, proof: nodes } of proof.storageProof) {
        const storageRoot = hexToBytes(proof.account.storageRoot);
        const found =
          nodes.length === 0
            ? null
            : await verifyMerkleProof(keccak256(bigIntToWord(BigInt(key))), nodes.map(hexToBytes), {
                root: storageRoot,
              });
        expect(found && bytesToHex(found)).to.equal(
          value === 0n ? null : bytesToHex(encodeBytes(bigIntToBytes(value))),
        );
        expect(BigInt(bytesToHex(view.storageAt(proof.address, bigIntToWord(BigInt(key)))))).to.equal(value);
      }
    }

    it("executes siblings side by side and drops the losers", async () => {
      const parent = engine.committed();
      const nonce = alice.nonce;
      const sibling = (salt: string, value: number) =>
        engine.execute(childContext(parent, salt), [alice.sign({ to: contract, data: pair(1, value), nonce })]);
      const left = await sibling("left", 1);
      const right = await sibling("right", 2);
      const child = await engine.execute(childContext(right), [
        alice.sign({ to: contract, data: pair(2, 3), nonce: nonce + 1 }),
      ]);
      expect([left, right, child].map((block) => kept(engine.stateAt(block.context.digest), 1))).to.deep.equal([
        1n,
        2n,
        2n,
      ]);
      await engine.commit(right.context.digest);
      expect(engine.executed(left.context.digest)).to.equal(undefined);
      expect(engine.executed(child.context.digest)).to.equal(child);
      await engine.commit(child.context.digest);
      expect([kept(viewAt(2), 1), kept(viewAt(3), 1), kept(viewAt(3), 2)]).to.deep.equal([2n, 2n, 3n]);
    });

    it("refuses to execute on a parent it does not hold, and to commit what is no child of the tip", async () => {
      const stranger = { ...childContext(engine.committed()), parentDigest: `0x${"77".repeat(32)}` as Digest };
      const refused = await engine.execute(stranger, []).catch((failure: unknown) => failure);
      expect(refused).to.be.instanceOf(AllotError).with.property("code", "PARENT_NOT_EXECUTED");
      const first = await engine.execute(childContext(engine.committed()), []);
      const second = await engine.execute(childContext(first), []);
      const failure = await engine.commit(second.context.digest).catch((thrown: unknown) => thrown);
      expect(failure).to.be.instanceOf(InvariantError).with.property("code", "NOT_COMMITTABLE");
    });

    it("gives the same answer twice for one block", async () => {
      const context = childContext(engine.committed());
      const transactions = [keep(1, 2)];
      expect(await engine.execute(context, transactions)).to.equal(await engine.execute(context, transactions));
    });

    it("opens again where it stopped", async () => {
      for (let height = 2; height <= 5; height++) await executeAndCommit(engine, [keep(height, height)]);
      const tip = engine.committed();
      await engine.close();
      engine = await openTestEngine(folder, testGenesis(genesisHolder), name);
      expect(engine.committed()).to.deep.equal(tip);
      expect(kept(viewAt(5), 3)).to.equal(3n);
      const next = await executeAndCommit(engine, [keep(9, 9)]);
      expect(next.receipts[0]?.success).to.equal(true);
      expect(engine.chain.blockAt(Height(3))?.header.number).to.equal(3);
    });

    it("refuses a folder of another network", async () => {
      const foreign = { ...testGenesis(genesisHolder), networkId: `0x${"f0".repeat(32)}` as Digest };
      await engine.close();
      const failure = await openTestEngine(folder, foreign, name).catch((thrown: unknown) => thrown);
      expect(failure).to.be.instanceOf(AllotError).with.property("code", "EXECUTION_STORE_FOREIGN");
      engine = await openTestEngine(folder, testGenesis(genesisHolder), name);
    });

    it("finds blocks, transactions and logs by all their names", async () => {
      const sent: Transaction[] = [];
      for (let height = 2; height <= 6; height++) {
        const transactions = [keep(height, 1), keep(7, height)];
        sent.push(...transactions);
        await executeAndCommit(engine, transactions);
      }
      const { chain } = engine;
      for (let height = 0; height <= 6; height++) {
        const block = chain.blockAt(Height(height)) as ExecutedBlock;
        expect(chain.blockByExecutionHash(block.executionHash)).to.deep.equal(block);
        expect(chain.blockByDigest(block.context.digest)).to.deep.equal(block);
        expect(chain.blockByExecutionHash(block.context.digest)).to.equal(undefined);
      }
      for (const [i, transaction] of sent.entries()) {
        const located = chain.transactionByHash(transaction.hash);
        expect([located?.block.context.height, located?.index]).to.deep.equal([2 + Math.floor(i / 2), i % 2]);
        expect(located?.receipt.transactionHash).to.equal(transaction.hash);
      }
      const topic = bytesToHex(bigIntToWord(7n)) as Digest;
      const range = { fromHeight: Height(3), toHeight: Height(90) };
      const found = chain.logs({ ...range, addresses: [contract], topics: [[topic]] });
      expect(found.map(({ block, logIndex }) => [block.context.height, logIndex])).to.deep.equal([
        [3, 1],
        [4, 1],
        [5, 1],
        [6, 1],
      ]);
      expect(chain.logs({ ...range, addresses: undefined, topics: [] }).length).to.equal(8);
      expect(chain.logs({ ...range, addresses: [alice.address], topics: [] })).to.deep.equal([]);
      expect(chain.logs({ ...range, addresses: undefined, topics: [undefined, [topic]] })).to.deep.equal([]);
    });

    it("makes headers that @ethereumjs/block hashes alike", async () => {
      const { header, executionHash } = await executeAndCommit(engine, [keep(1, 1)]);
      const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
      const { number, gasLimit, gasUsed, timestamp } = header;
      const theirs = createBlockHeader(
        {
          parentHash: header.parentHash,
          coinbase: header.coinbase,
          stateRoot: header.stateRoot,
          transactionsTrie: header.transactionsRoot,
          receiptTrie: header.receiptsRoot,
          logsBloom: header.logsBloom,
          number: BigInt(number),
          gasLimit: BigInt(gasLimit),
          gasUsed: BigInt(gasUsed),
          timestamp: BigInt(timestamp),
          extraData: header.extraData,
          mixHash: header.prevRandao,
          baseFeePerGas: 0n,
        },
        { common },
      );
      expect(bytesToHex(theirs.hash())).to.equal(executionHash);
    });

    it("answers calls and estimates", async () => {
      const view = viewAt(1);
      const request = {
        from: alice.address,
        to: contract,
        data: hexToBytes(pair(1, 1)),
        value: 0n,
        gasLimit: 1_000_000,
      };
      expect((await view.call(request)).success).to.equal(true);
      const estimate = await view.estimateGas(request);
      expect((await view.call({ ...request, gasLimit: estimate.gasUsed })).success).to.equal(true);
      expect((await view.call({ ...request, gasLimit: estimate.gasUsed - 1 })).success).to.equal(false);
      expect((await view.call({ ...request, gasLimit: 21_000 })).success).to.equal(false);
      expect((await view.call({ ...request, value: 10n ** 30n })).success).to.equal(false);
      const reverting = { ...request, to: undefined, data: hexToBytes("0x602a5f5260205ffd") };
      const reverted = await view.call(reverting);
      expect([reverted.success, reverted.error, BigInt(bytesToHex(reverted.returnData))]).to.deep.equal([
        false,
        "revert",
        42n,
      ]);
      expect(kept(viewAt(1), 1)).to.equal(0n);
    });
  });
}
