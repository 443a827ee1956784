import { Common, Mainnet } from "@ethereumjs/common";
import { createTxFromRLP } from "@ethereumjs/tx";
import { expect } from "chai";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Address } from "../../node/types/brands.ts";
import { decodeStoredTransaction, decodeTransaction } from "../../node/types/decodeTransaction.ts";
import { AllotError } from "../../node/types/errors.ts";
import { bytesOf, hexOf } from "../../node/types/hex.ts";
import { RlpReader } from "../../node/types/rlpReader.ts";
import { concat, encodeBytes, encodeCount, encodeList, encodeQuantity } from "../../node/types/rlpWriter.ts";
import { Random } from "./random.ts";
import { testChainId, Wallet } from "./wallet.ts";

const random = Random.fromEnvironment();
const wallet = new Wallet(1);

/** The code of the refusal. */
function refusal(raw: Uint8Array): string {
  try {
    decodeTransaction(raw);
  } catch (failure) {
    if (failure instanceof AllotError) return failure.code;
    throw failure;
  }
  return "none";
}

const word = (bytes: Uint8Array): Hex => hexOf(bytes);

/** A random transaction as viem's users write it. */
function randomRequest() {
  const common = {
    chainId: random.pick([1, 127, 128, testChainId, 2 ** 40]),
    nonce: random.pick([0, 1, 127, 128, 65_536, 2 ** 33]),
    gas: BigInt(random.pick([21_000, 1_000_000, 2 ** 34])),
    to: word(random.bytes(20)) as Address,
    value: random.chance(0.3) ? 0n : BigInt(word(random.bytes(1 + random.below(16)))),
    data: word(random.bytes(random.pick([0, 1, 55, 56, 200, 300]))),
  };
  const accessList = Array.from({ length: random.below(3) }, () => ({
    address: word(random.bytes(20)) as Address,
    storageKeys: Array.from({ length: random.below(3) }, () => word(random.bytes(32))),
  }));
  switch (random.below(3)) {
    case 0:
      return { ...common, type: "legacy" as const, gasPrice: 0n };
    case 1:
      return { ...common, type: "eip2930" as const, gasPrice: 0n, accessList };
    default:
      return { ...common, type: "eip1559" as const, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, accessList };
  }
}

describe("decoding a transaction", () => {
  it(`gives what viem signed and what @ethereumjs/tx decodes (seed ${random.seed})`, async () => {
    for (let i = 0; i < 60; i++) {
      const account = privateKeyToAccount(word(random.bytes(32)));
      const request = randomRequest();
      const raw = bytesOf(await account.signTransaction(request));
      const decoded = decodeTransaction(raw);
      expect(decoded.sender).to.equal(account.address.toLowerCase());
      expect(decoded.to).to.equal(request.to);
      expect(decoded.value).to.equal(request.value);
      expect(hexOf(decoded.data)).to.equal(request.data);
      expect(decoded.accessList).to.deep.equal("accessList" in request ? request.accessList : []);
      const common = new Common({ chain: { ...Mainnet, chainId: request.chainId } });
      const theirs = createTxFromRLP(new Uint8Array(raw), { common });
      expect(decoded.hash).to.equal(hexOf(theirs.hash()));
      expect([decoded.nonce, decoded.gasLimit].map(BigInt)).to.deep.equal([theirs.nonce, theirs.gasLimit]);
      expect(decoded.chainId).to.equal(request.chainId);
      expect([decoded.signature.r, decoded.signature.s]).to.deep.equal([theirs.r, theirs.s]);
      expect(decodeStoredTransaction(raw, decoded.sender)).to.deep.equal(decoded);
    }
  }).timeout(60_000);

  it("decodes a creation", () => {
    const decoded = wallet.sign({ data: "0x6000", value: 3n });
    expect([decoded.to, decoded.value, decoded.sender]).to.deep.equal([undefined, 3n, wallet.address]);
  });

  it("refuses bytes that are no transaction", () => {
    const raw = wallet.signRaw({ to: wallet.address });
    expect(refusal(new Uint8Array(0))).to.equal("TRANSACTION_EMPTY");
    expect(refusal(concat([Uint8Array.of(3), raw.subarray(1)]))).to.equal("TRANSACTION_TYPE_UNSUPPORTED");
    expect(refusal(concat([raw, Uint8Array.of(0)]))).to.equal("RLP_TRAILING_BYTES");
    for (let length = 1; length < raw.length; length++) expect(refusal(raw.subarray(0, length))).to.match(/^RLP_/);
  });

  it("never takes a changed byte for the same sender's word", () => {
    const raw = wallet.signRaw({ to: wallet.address, value: 1_000n, data: "0x0102" });
    for (let position = 0; position < raw.length; position++) {
      const changed = Uint8Array.from(raw);
      changed[position] = (changed[position] as number) ^ (1 << random.below(8));
      const code = refusal(changed);
      if (code === "none") expect(decodeTransaction(changed).sender).not.to.equal(wallet.address);
    }
  });

  it("refuses a signature that has a twin, and one without a chain id", () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const { signature } = decodeTransaction(wallet.signRaw({ to: wallet.address, type: 0, nonce: 0 }));
    const resigned = (v: number, r: bigint, s: bigint) =>
      encodeList([
        ...[0, 0, 1_000_000].map(encodeCount),
        encodeBytes(bytesOf(wallet.address)),
        encodeCount(0),
        encodeBytes(new Uint8Array(0)),
        encodeCount(v),
        encodeQuantity(r),
        encodeQuantity(s),
      ]);
    const v = 35 + 2 * testChainId + signature.yParity;
    expect(decodeTransaction(resigned(v, signature.r, signature.s)).sender).to.equal(wallet.address);
    expect(refusal(resigned(v ^ 1, signature.r, order - signature.s))).to.equal("TRANSACTION_BAD_SIGNATURE");
    expect(refusal(resigned(v, 0n, signature.s))).to.equal("TRANSACTION_BAD_SIGNATURE");
    expect(refusal(resigned(v, order, signature.s))).to.equal("TRANSACTION_BAD_SIGNATURE");
    expect(refusal(resigned(v, signature.r, 0n))).to.equal("TRANSACTION_BAD_SIGNATURE");
    expect(refusal(resigned(27, signature.r, signature.s))).to.equal("TRANSACTION_CHAIN_ID_MISSING");
  });

  it("refuses fees, creations of nothing and malformed fields", async () => {
    const account = privateKeyToAccount(hexOf(wallet.key));
    const common = { chainId: testChainId, gas: 21_000n, nonce: 0, to: wallet.address };
    const paid = await account.signTransaction({
      ...common,
      type: "eip1559",
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 0n,
    });
    expect(refusal(bytesOf(paid))).to.equal("TRANSACTION_FEE_NOT_ZERO");
    expect(refusal(bytesOf(await account.signTransaction({ ...common, type: "legacy", gasPrice: 7n })))).to.equal(
      "TRANSACTION_FEE_NOT_ZERO",
    );
    expect(refusal(wallet.signRaw({}))).to.equal("TRANSACTION_CREATES_NOTHING");
    expect(refusal(wallet.signRaw({ to: "0x1234" as Address }))).to.equal("TRANSACTION_BAD_ADDRESS");
    const keys = { address: wallet.address, storageKeys: ["0x01"] as Hex[] };
    expect(refusal(wallet.signRaw({ to: wallet.address, accessList: [keys] }))).to.equal("TRANSACTION_BAD_STORAGE_KEY");
  });

  it("refuses every RLP that could be written shorter", () => {
    const read = (bytes: number[]) => () => new RlpReader(Uint8Array.from(bytes)).bytes("it");
    for (const bytes of [
      [0x81, 0x05],
      [0xb8, 0x01, 0x80],
      [0xb9, 0x00, 0x38, ...new Array(56).fill(1)],
    ]) {
      expect(read(bytes)).to.throw(AllotError, /shorter|needless/);
    }
    expect(() => new RlpReader(Uint8Array.of(0x00)).count("it")).to.throw(AllotError, /leading zeros/);
    expect(() => new RlpReader(Uint8Array.of(0x82, 0x00, 0x05)).quantity("it")).to.throw(AllotError, /leading zeros/);
    expect(() => new RlpReader(Uint8Array.of(0x88, ...new Array(8).fill(255))).count("it")).to.throw(
      AllotError,
      /2\^53/,
    );
  });
});
