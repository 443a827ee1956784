import { expect } from "chai";
import { mempoolGapHeightsMax, mempoolNonceWindowMax } from "../../node/config/limits.ts";
import { keccak256 } from "../../node/crypto/keccak.ts";
import type { ExecutedBlock } from "../../node/execution/engine.ts";
import { AllowList } from "../../node/mempool/allowList.ts";
import { Mempool, type PackingLimits } from "../../node/mempool/mempool.ts";
import { TransactionCache } from "../../node/mempool/transactionCache.ts";
import { type Address, Height } from "../../node/types/brands.ts";
import { bytesOf, hexOf } from "../../node/types/hex.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import { MemoryState } from "./memoryState.ts";
import { type Signer, sign, signer, type Wanted } from "./signing.ts";

const roomy: PackingLimits = { bytesMax: 1e6, gasMax: 1e9, transactionsMax: 1000, senderTransactionsMax: 100 };
const permissions = `0x${"ab".repeat(20)}` as Address;

interface Pool {
  readonly mempool: Mempool;
  readonly state: MemoryState;
  readonly cache: TransactionCache;
}

function pool(contracts: Record<string, Address> = {}): Pool {
  const state = new MemoryState();
  const cache = new TransactionCache({ chainId: 1, transactionGasLimitMax: 1_000_000, transactionBytesMax: 131_072 });
  return { state, cache, mempool: new Mempool(cache, new AllowList({ contracts }), state) };
}

function permit(state: MemoryState, member: Address, word = 1): void {
  const preimage = new Uint8Array(64);
  preimage.set(bytesOf(member), 12);
  const value = new Uint8Array(32);
  new DataView(value.buffer).setUint32(28, word);
  state.words.set(permissions + hexOf(keccak256(preimage)), value);
}

const alice = signer(1);
const bob = signer(2);

/** Admits a transaction from a client; the code of the refusal, or "admitted" or "known". */
function send({ mempool }: Pool, from: Signer, wanted: Wanted): string {
  const result = mempool.admit(sign(from, wanted), "client");
  return result.admitted ? (result.known ? "known" : "admitted") : result.error.code;
}

const nonces = (transactions: readonly Transaction[]) =>
  transactions.map(({ sender, nonce }) => `${sender === alice.address ? "a" : "b"}${nonce}`);

/** Commits a block that carried `ordered` and executed all of it but `skipped`. */
function commit({ mempool, state }: Pool, ordered: readonly Transaction[], skipped: readonly Transaction[] = []): void {
  const executed = ordered.filter((each) => !skipped.includes(each));
  for (const { sender, nonce } of executed) state.nonces.set(sender, nonce + 1);
  state.height = Height(state.height + 1);
  mempool.onCommitted({ transactions: executed, receipts: [] } as unknown as ExecutedBlock, ordered, state);
}

describe("mempool: admission", function () {
  this.timeout(60_000);
  it("admits a valid transaction once, and knows it the second time", () => {
    const p = pool();
    expect(send(p, alice, { nonce: 0 })).to.equal("admitted");
    expect(send(p, alice, { nonce: 0 })).to.equal("known");
    expect(p.mempool.size).to.equal(1);
  });

  it("refuses what is not valid by itself, with a code for each reason", () => {
    const p = pool();
    expect(send(p, alice, { nonce: 0, chainId: 2 })).to.equal("WRONG_CHAIN_ID");
    expect(send(p, alice, { nonce: 0, gasLimit: 20_999 })).to.equal("GAS_LIMIT_TOO_LOW");
    expect(send(p, alice, { nonce: 0, gasLimit: 1_000_001 })).to.equal("GAS_LIMIT_TOO_HIGH");
    expect(send(p, alice, { nonce: 0, maxFeePerGas: 1 })).to.equal("TRANSACTION_FEE_NOT_ZERO");
    expect(send(p, alice, { nonce: 0, data: new Uint8Array(131_073), gasLimit: 900_000 })).to.equal(
      "TRANSACTION_TOO_LARGE",
    );
    expect(send(p, alice, { nonce: 0, to: undefined, data: new Uint8Array(49_153), gasLimit: 900_000 })).to.equal(
      "CREATION_CODE_TOO_LARGE",
    );
    expect(p.mempool.size).to.equal(0);
  });

  it("counts intrinsic gas as the yellow paper does: bytes, creation, creation code words", () => {
    const p = pool();
    const data = Uint8Array.of(0, 1, 2); // 4 + 16 + 16
    expect(send(p, alice, { nonce: 0, data, gasLimit: 21_035 })).to.equal("GAS_LIMIT_TOO_LOW");
    expect(send(p, alice, { nonce: 0, data, gasLimit: 21_036 })).to.equal("admitted");
    expect(send(p, alice, { nonce: 1, to: undefined, data, gasLimit: 53_037 })).to.equal("GAS_LIMIT_TOO_LOW");
    expect(send(p, alice, { nonce: 1, to: undefined, data, gasLimit: 53_038 })).to.equal("admitted");
  });

  it("refuses bytes that are no transaction without throwing", () => {
    const p = pool();
    for (const bytes of [[], [0xff], [2, 0xc0], [3, 0xc0], [0x80]]) {
      expect(p.mempool.admit(Uint8Array.from(bytes), "peer").admitted).to.equal(false);
    }
  });

  it("admits members of the allow-list only, delisted ones included, and everybody where there is no list", () => {
    const p = pool({ Permissions: permissions });
    expect(send(p, alice, { nonce: 0 })).to.equal("SENDER_NOT_PERMITTED");
    permit(p.state, alice.address);
    expect(send(p, alice, { nonce: 0 })).to.equal("admitted");
    permit(p.state, bob.address, 0x01000000); // organisation 2^24
    expect(send(p, bob, { nonce: 0 })).to.equal("admitted");
    expect(send(pool(), alice, { nonce: 0 })).to.equal("admitted");
  });

  it("keeps nonces in a window above the committed state", () => {
    const p = pool();
    p.state.nonces.set(alice.address, 7);
    expect(send(p, alice, { nonce: 6 })).to.equal("NONCE_TOO_LOW");
    expect(send(p, alice, { nonce: 7 + mempoolNonceWindowMax })).to.equal("NONCE_TOO_HIGH");
    expect(send(p, alice, { nonce: 6 + mempoolNonceWindowMax })).to.equal("admitted");
    expect(send(p, alice, { nonce: 7 })).to.equal("admitted");
  });

  it("keeps what is next in line, and lets a transaction behind a gap be replaced", () => {
    const p = pool();
    send(p, alice, { nonce: 0 });
    expect(send(p, alice, { nonce: 0, gasLimit: 30_000 })).to.equal("NONCE_TAKEN");
    send(p, alice, { nonce: 2 });
    expect(send(p, alice, { nonce: 2, gasLimit: 30_000 })).to.equal("admitted");
    expect(p.mempool.size).to.equal(2);
    send(p, alice, { nonce: 1 });
    expect(p.mempool.select(p.state, roomy).map((each) => each.gasLimit)).to.deep.equal([21_000, 21_000, 30_000]);
  });

  it("refuses to send more than the sender holds", () => {
    const p = pool();
    p.state.balances.set(alice.address, 5n);
    expect(send(p, alice, { nonce: 0, value: 6n })).to.equal("INSUFFICIENT_FUNDS");
    expect(send(p, alice, { nonce: 0, value: 5n })).to.equal("admitted");
  });

  it("tells listeners of what is new, and of what became executable", () => {
    const p = pool();
    const admitted: string[] = [];
    let executable = 0;
    p.mempool.onAdmitted(({ nonce }, origin) => admitted.push(`${origin} ${nonce}`));
    const end = p.mempool.onExecutable(() => executable++);
    send(p, alice, { nonce: 1 });
    expect(executable).to.equal(0);
    p.mempool.admit(sign(alice, { nonce: 0 }), "peer");
    p.mempool.admit(sign(alice, { nonce: 0 }), "client");
    expect(admitted).to.deep.equal(["client 1", "peer 0"]);
    expect(executable).to.equal(1);
    end();
    send(p, alice, { nonce: 2 });
    expect(executable).to.equal(1);
  });

  it("counts the pending nonce up to the first gap", () => {
    const p = pool();
    p.state.nonces.set(alice.address, 3);
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(3);
    for (const nonce of [3, 4, 6]) send(p, alice, { nonce });
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(5);
    send(p, alice, { nonce: 5 });
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(7);
  });
});

describe("mempool: what is executable", () => {
  it("is counted by transactions and bytes, whatever comes, goes, is skipped or fills a gap", () => {
    const p = pool();
    // A number after a number, the same in every run.
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const everything = { ...roomy, bytesMax: 1e9, transactionsMax: 1e5, senderTransactionsMax: 1e5 };
    for (let step = 0; step < 400; step++) {
      const from = next(2) === 0 ? alice : bob;
      send(p, from, {
        nonce: p.state.nonceOf(from.address) + next(8),
        data: new Uint8Array(next(30)),
        gasLimit: 50_000,
      });
      const selected = p.mempool.select(p.state, everything);
      const bytes = selected.reduce((sum, { raw }) => sum + raw.length, 0);
      expect(p.mempool.executable, `step ${step}`).to.deep.equal({ transactions: selected.length, bytes });
      if (next(5) > 0 || selected.length === 0) continue;
      const ordered = selected.slice(0, 1 + next(selected.length));
      // The last one is skipped now and then; nothing of its sender follows it in the block.
      commit(p, ordered, next(3) === 0 ? ordered.slice(-1) : []);
    }
    expect(p.mempool.size).to.be.greaterThan(0);
  });
});

describe("mempool: selection", function () {
  this.timeout(60_000);
  it("keeps the order of arrival, and each sender's nonces consecutive whatever order they came in", () => {
    const p = pool();
    send(p, alice, { nonce: 1 });
    send(p, bob, { nonce: 0 });
    send(p, alice, { nonce: 0 });
    send(p, bob, { nonce: 2 });
    expect(nonces(p.mempool.select(p.state, roomy))).to.deep.equal(["a0", "b0", "a1"]);
  });

  it("starts from the sender's nonce in the state it is asked about", () => {
    const p = pool();
    for (const nonce of [0, 1, 2]) send(p, alice, { nonce });
    const branch = new MemoryState();
    branch.nonces.set(alice.address, 2);
    expect(nonces(p.mempool.select(branch, roomy))).to.deep.equal(["a2"]);
    branch.nonces.set(alice.address, 3);
    expect(p.mempool.isExecutable(branch, roomy)).to.equal(false);
    expect(p.mempool.isExecutable(p.state, roomy)).to.equal(true);
  });

  it("stays within count, bytes, gas and the quota per sender", () => {
    const p = pool();
    for (const nonce of [0, 1, 2]) send(p, alice, { nonce });
    for (const nonce of [0, 1, 2]) send(p, bob, { nonce });
    const select = (limits: Partial<PackingLimits>) => nonces(p.mempool.select(p.state, { ...roomy, ...limits }));
    expect(select({ transactionsMax: 2 })).to.deep.equal(["a0", "a1"]);
    expect(select({ senderTransactionsMax: 1 })).to.deep.equal(["a0", "b0"]);
    expect(select({ gasMax: 63_000 })).to.have.length(3);
    expect(select({ gasMax: 62_999 })).to.have.length(2);
    const size = p.mempool.select(p.state, roomy)[0]?.raw.length ?? 0;
    expect(select({ bytesMax: 2 * (size + 4) })).to.have.length(2);
    expect(select({ bytesMax: 2 * (size + 4) - 1 })).to.have.length(1);
  });

  it("believes what a committed state says of a sender for good, and what an uncommitted one says only there", () => {
    const list = new AllowList({ contracts: { Permissions: permissions } });
    const state = new MemoryState();
    const branch = new MemoryState();
    permit(branch, alice.address);
    expect(list.permits(branch, alice.address)).to.equal(true);
    expect(list.permits(state, alice.address)).to.equal(false);
    expect(list.permitsCommitted(state, alice.address)).to.equal(false);
    permit(state, alice.address);
    expect(list.permitsCommitted(state, alice.address)).to.equal(true);
    expect(list.permits(new MemoryState(), alice.address)).to.equal(true);
    expect(list.permits(state, bob.address)).to.equal(false);
  });
});

describe("mempool: after a commit", function () {
  this.timeout(60_000);
  it("forgets what was executed, but answers that it is known", () => {
    const p = pool();
    for (const nonce of [0, 1, 2]) send(p, alice, { nonce });
    commit(p, p.mempool.select(p.state, { ...roomy, transactionsMax: 2 }));
    expect(nonces(p.mempool.select(p.state, roomy))).to.deep.equal(["a2"]);
    expect(send(p, alice, { nonce: 0 })).to.equal("known");
    expect(p.mempool.size).to.equal(1);
    expect(p.mempool.bytes).to.equal(p.mempool.select(p.state, roomy)[0]?.raw.length);
  });

  it("drops a transaction that was skipped, and takes it again when it is sent again", () => {
    const p = pool();
    for (const nonce of [0, 1]) send(p, alice, { nonce });
    const [first, second] = p.mempool.select(p.state, roomy);
    commit(p, [first as Transaction, second as Transaction], [second as Transaction]);
    expect(p.mempool.size).to.equal(0);
    expect(send(p, alice, { nonce: 1 })).to.equal("admitted");
  });

  it("counts the pending nonce anew when the next in line is gone, executed or not", () => {
    const p = pool();
    for (const nonce of [0, 1, 2]) send(p, alice, { nonce });
    const [first] = p.mempool.select(p.state, roomy);
    commit(p, [first as Transaction]);
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(3);
    const [second] = p.mempool.select(p.state, roomy);
    commit(p, [second as Transaction], [second as Transaction]);
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(1);
    expect(p.mempool.isExecutable(p.state, roomy)).to.equal(false);
    send(p, alice, { nonce: 1 });
    expect(p.mempool.pendingNonceOf(alice.address)).to.equal(3);
  });

  it("drops a transaction whose nonce another one used", () => {
    const p = pool();
    send(p, alice, { nonce: 0 });
    const other = p.cache.decode(sign(alice, { nonce: 0, gasLimit: 50_000 }));
    commit(p, [other]);
    expect(p.mempool.size).to.equal(0);
    expect(p.mempool.bytes).to.equal(0);
  });

  it("drops what its sender can no longer pay for", () => {
    const p = pool();
    p.state.balances.set(alice.address, 10n);
    send(p, alice, { nonce: 0, value: 8n });
    send(p, alice, { nonce: 1, value: 8n });
    const [first] = p.mempool.select(p.state, roomy);
    p.state.balances.set(alice.address, 2n);
    commit(p, [first as Transaction]);
    expect(p.mempool.size).to.equal(0);
  });

  it("drops what waits behind a missing nonce after a thousand heights, and not before", () => {
    const p = pool();
    send(p, alice, { nonce: 5 });
    send(p, bob, { nonce: 0 });
    for (let height = 0; height < mempoolGapHeightsMax - 1; height++) commit(p, []);
    expect(p.mempool.size).to.equal(2);
    commit(p, []);
    expect(nonces(p.mempool.select(p.state, roomy))).to.deep.equal(["b0"]);
    expect(p.mempool.size).to.equal(1);
  });

  it("reports a change of revision whenever a selection may have changed", () => {
    const p = pool();
    const before = p.mempool.revision;
    send(p, alice, { nonce: 0 });
    const between = p.mempool.revision;
    commit(p, p.mempool.select(p.state, roomy));
    expect(new Set([before, between, p.mempool.revision]).size).to.equal(3);
  });
});

describe("mempool: full", function () {
  this.timeout(60_000);

  it("refuses more than its limit, but lets an executable transaction push out one behind a gap", () => {
    const p = pool();
    const senders = Array.from({ length: 80 }, (_, index) => signer(100 + index));
    // 80 senders × 250 nonces = 20,000 transactions: the limit. The last one's wait behind a gap.
    for (const [index, each] of senders.entries()) {
      const first = index === 79 ? 1 : 0;
      for (let nonce = first; nonce < first + 250; nonce++) send(p, each, { nonce });
    }
    expect(p.mempool.size).to.equal(20_000);
    expect(send(p, bob, { nonce: 1 })).to.equal("MEMPOOL_FULL");
    expect(send(p, alice, { nonce: 0 })).to.equal("admitted");
    expect(p.mempool.size).to.equal(20_000);
  });
});
