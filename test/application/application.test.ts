import { expect } from "chai";
import { keccak256 } from "../../node/crypto/keccak.ts";
import { Address, Digest, type Hex } from "../../node/types/brands.ts";
import { decodeTransaction } from "../../node/types/decodeTransaction.ts";
import { bytesOf } from "../../node/types/hex.ts";
import { type Signer, signer, sign as signFor, someone, type Wanted } from "../mempool/signing.ts";
import { orderedBlock } from "./sequencer.ts";
import { holders, openTestLedger, type TestLedger, testGenesis } from "./testLedger.ts";

const [alice, bob, carol] = holders as readonly [Signer, Signer, Signer, Signer];
const sign = (from: Signer, wanted: Wanted) => signFor(from, { chainId: 31_107, ...wanted });
const nonces = (raws: readonly Uint8Array[]) => raws.map((raw) => decodeTransaction(raw).nonce);

describe("application", function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  const send = (from: Signer, wanted: Wanted) => ledger.application.checkTransaction(sign(from, wanted), "client");
  const verify = (transactions: readonly Uint8Array[]) =>
    ledger.application.verifyProposal(orderedBlock(ledger.sequencer.propose(transactions)));
  const codeOf = async (transactions: readonly Uint8Array[]) => {
    const verdict = await verify(transactions);
    return verdict.verdict === "invalid" ? verdict.code : verdict.verdict;
  };

  beforeEach(async () => {
    ledger = await openTestLedger();
  });
  afterEach(() => ledger.close());

  it("orders, executes and commits what clients send", async () => {
    const { application, sequencer, engine } = ledger;
    for (const nonce of [0, 1]) send(alice, { nonce, value: 5n });
    expect(application.hasTransactions(application.info().digest)).to.equal(true);
    const block = await sequencer.produce();
    expect(nonces(block.transactions)).to.deep.equal([0, 1]);
    expect(application.info().height).to.equal(1);
    expect(application.resultOf(block.digest)).to.include({
      transactionsExecuted: 2,
      gasUsed: 42_000,
      changedState: true,
    });
    expect(engine.stateAt(block.digest)?.balanceOf(someone)).to.equal(10n);
    expect(application.hasTransactions(application.info().digest)).to.equal(false);
    expect(application.mempool.size).to.equal(0);
  });

  it("builds on an executed block that is not committed, without the transactions of its branch", async () => {
    const { application, sequencer } = ledger;
    for (const nonce of [0, 1, 2]) send(alice, { nonce });
    const raws = application.buildTransactions(application.info().digest);
    const first = orderedBlock(sequencer.propose(raws.slice(0, 2)));
    await application.execute(first);
    expect(nonces(application.buildTransactions(first.digest))).to.deep.equal([2]);
    expect(application.hasTransactions(first.digest)).to.equal(true);
    const all = orderedBlock(sequencer.propose(raws));
    await application.execute(all);
    expect(application.hasTransactions(all.digest)).to.equal(false);
    send(alice, { nonce: 3 });
    expect(application.hasTransactions(all.digest)).to.equal(true);
    expect(nonces(application.buildTransactions(application.info().digest))).to.deep.equal([0, 1, 2, 3]);
  });

  it("executes a block once, however often it is asked to, and commits it once", async () => {
    const { application, sequencer } = ledger;
    send(alice, { nonce: 0, value: 1n });
    const block = orderedBlock(sequencer.propose());
    const [first, second] = await Promise.all([application.execute(block), application.execute(block)]);
    expect(second).to.deep.equal(first);
    expect(await application.execute(block)).to.deep.equal(first);
    let commits = 0;
    application.onCommitted(() => commits++);
    await Promise.all([application.commit(block.digest), application.commit(block.digest)]);
    expect(commits).to.equal(1);
    expect(application.info().height).to.equal(1);
  });

  it("commits with the mempool already at the new height when listeners hear of it", async () => {
    const { application, sequencer } = ledger;
    send(alice, { nonce: 0 });
    const seen: unknown[] = [];
    application.onCommitted((block) =>
      seen.push([block.context.height, application.mempool.size, application.mempool.pendingNonceOf(alice.address)]),
    );
    await sequencer.produce();
    expect(seen).to.deep.equal([[1, 0, 1]]);
  });

  it("stops on an order to commit what was not executed", async () => {
    let message = "";
    await ledger.application.commit(Digest(`0x${"77".repeat(32)}`)).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain("was not executed");
  });

  it("carries on after an execution that failed", async () => {
    const { application, sequencer } = ledger;
    const broken = orderedBlock(sequencer.propose([Uint8Array.of(1, 2, 3)]));
    let code = "";
    await application.execute(broken).catch((error: { code: string }) => {
      code = error.code;
    });
    expect(code).to.match(/^(RLP|TRANSACTION)_/);
    send(alice, { nonce: 0 });
    await sequencer.produce();
    expect(application.info().height).to.equal(1);
  });

  describe("verify(b)", () => {
    it("accepts consecutive nonces of several senders", async () => {
      const mixed = [sign(alice, { nonce: 0 }), sign(bob, { nonce: 0 }), sign(alice, { nonce: 1 })];
      expect(await codeOf(mixed)).to.equal("valid");
      expect(await codeOf([])).to.equal("valid");
    });

    it("refuses a nonce that is not the sender's nonce in the parent's state plus its place in the block", async () => {
      expect(await codeOf([sign(alice, { nonce: 1 })])).to.equal("WRONG_NONCE");
      expect(await codeOf([sign(alice, { nonce: 1 }), sign(alice, { nonce: 0 })])).to.equal("WRONG_NONCE");
      expect(await codeOf([sign(alice, { nonce: 0 }), sign(alice, { nonce: 0, value: 1n })])).to.equal("WRONG_NONCE");
      send(alice, { nonce: 0 });
      await ledger.sequencer.produce();
      expect(await codeOf([sign(alice, { nonce: 0 })])).to.equal("WRONG_NONCE");
      expect(await codeOf([sign(alice, { nonce: 1 })])).to.equal("valid");
    });

    it("refuses what is not valid by itself", async () => {
      expect(await codeOf([signFor(alice, { nonce: 0, chainId: 2 })])).to.equal("WRONG_CHAIN_ID");
      expect(await codeOf([sign(alice, { nonce: 0, maxFeePerGas: 1 })])).to.equal("TRANSACTION_FEE_NOT_ZERO");
      expect(await codeOf([sign(alice, { nonce: 0, gasLimit: 20_000 })])).to.equal("GAS_LIMIT_TOO_LOW");
      expect(await codeOf([Uint8Array.of(9)])).to.equal("TRANSACTION_TYPE_UNSUPPORTED");
    });

    it("refuses another result of the parent than its own, and waits for a parent it has not executed", async () => {
      const proposal = orderedBlock(ledger.sequencer.propose([]));
      const other = Digest(`0x${"99".repeat(32)}`);
      const wrong = await ledger.application.verifyProposal({ ...proposal, parentExecutionHash: other });
      expect(wrong).to.include({ verdict: "invalid", code: "WRONG_PARENT_EXECUTION_HASH" });
      const early = await ledger.application.verifyProposal({ ...proposal, parentDigest: other });
      expect(early.verdict).to.equal("pending");
    });
  });

  it("stands where it stood after a restart", async () => {
    send(alice, { nonce: 0, value: 3n });
    await ledger.sequencer.produce();
    const before = ledger.application.info();
    ledger = await ledger.reopen();
    expect(ledger.application.info()).to.deep.equal(before);
    expect(ledger.application.resultOf(before.digest)?.executionHash).to.equal(before.executionHash);
    const repeated = send(alice, { nonce: 0, value: 4n });
    expect(repeated.admitted ? "" : repeated.error.code).to.equal("NONCE_TOO_LOW");
  });
});

describe("application: limits of genesis", function () {
  this.timeout(60_000);
  it("packs within count, bytes, gas and quota, and refuses a block beyond any of them", async () => {
    const execution = {
      blockGasLimit: 100_000,
      transactionGasLimitMax: 60_000,
      blockBytesMax: 450,
      blockTransactionsMax: 4,
      senderTransactionsPerBlockMax: 2,
    };
    const ledger = await openTestLedger(testGenesis({ execution }));
    const { application, sequencer } = ledger;
    const codeOf = async (transactions: readonly Uint8Array[]) => {
      const verdict = await application.verifyProposal(orderedBlock(sequencer.propose(transactions)));
      return verdict.verdict === "invalid" ? verdict.code : verdict.verdict;
    };
    const small = (from: Signer, nonce: number) => sign(from, { nonce });
    for (const nonce of [0, 1, 2]) application.checkTransaction(small(alice, nonce), "client");
    for (const from of [bob, carol])
      for (const nonce of [0, 1]) application.checkTransaction(small(from, nonce), "client");
    const built = application.buildTransactions(application.info().digest);
    expect(built.length).to.equal(4);
    expect(await codeOf(built)).to.equal("valid");
    expect(await codeOf([0, 1, 2].map((nonce) => small(alice, nonce)))).to.equal("SENDER_QUOTA_EXCEEDED");
    const dear = (from: Signer) => sign(from, { nonce: 0, gasLimit: 50_001 });
    expect(await codeOf([dear(alice), dear(bob)])).to.equal("BLOCK_GAS_EXCEEDED");
    expect(await codeOf([sign(alice, { nonce: 0, gasLimit: 60_001 })])).to.equal("GAS_LIMIT_TOO_HIGH");
    const five = [small(alice, 0), small(alice, 1), small(bob, 0), small(bob, 1), small(carol, 0)];
    expect(await codeOf(five)).to.equal("TOO_MANY_TRANSACTIONS");
    const long = (from: Signer) => sign(from, { nonce: 0, data: new Uint8Array(200), gasLimit: 30_000 });
    expect(await codeOf([long(alice), long(bob)])).to.equal("BLOCK_TOO_LARGE");
    // Alone too large for any block: it would wait for ever.
    const longest = sign(alice, { nonce: 0, data: new Uint8Array(400), gasLimit: 30_000 });
    const refused = application.checkTransaction(longest, "client");
    expect(refused.admitted ? "" : refused.error.code).to.equal("TRANSACTION_TOO_LARGE");
    await ledger.close();
  });
});

describe("application: allow-list", function () {
  this.timeout(60_000);
  const permissions = Address(`0x${"ab".repeat(20)}`);
  const memberSlot = (member: Address): Hex =>
    `0x${Buffer.from(keccak256(Buffer.concat([new Uint8Array(12), bytesOf(member), new Uint8Array(32)]))).toString("hex")}`;

  it("admits and accepts only senders whom the Permissions contract's storage names", async () => {
    const genesis = testGenesis({
      contracts: { Permissions: permissions },
      alloc: {
        // The code is never run: validators read the word.
        [permissions]: { code: "0x00", storage: { [memberSlot(alice.address)]: `0x${"00".repeat(31)}07` } },
      },
    });
    const ledger = await openTestLedger(genesis);
    const stranger = ledger.application.checkTransaction(sign(bob, { nonce: 0 }), "client");
    expect(stranger.admitted ? "" : stranger.error.code).to.equal("SENDER_NOT_PERMITTED");
    expect(ledger.application.checkTransaction(sign(alice, { nonce: 0 }), "client").admitted).to.equal(true);
    const proposal = orderedBlock(ledger.sequencer.propose([sign(signer(77), { nonce: 0 })]));
    expect(await ledger.application.verifyProposal(proposal)).to.include({ code: "SENDER_NOT_PERMITTED" });
    await ledger.close();
  });
});
