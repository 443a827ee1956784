// The largest inputs that peers and clients may send, each made to cost as much as it can. None may keep everything else
// waiting for more than 50 ms of processor time.
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import {
  blocksPerMessageMax,
  blockTransactionsWireMax,
  certificatesPerMessageMax,
  gossipBatchTransactionsMax,
  logFilterAlternativesMax,
  proofSlotsMax,
  rpcBatchCallsMax,
  rpcBodyBytesMax,
  validatorCountMax,
} from "../../node/config/limits.ts";
import { decodeBatch, encodeBatch } from "../../node/network/transactionBatch.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { PeerIndex, ValidatorIndex } from "../../node/types/brands.ts";
import { AllotError } from "../../node/types/errors.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import { block, certify, sign, votes } from "../consensus/samples.ts";
import { rightParameters } from "../rpc/rightParameters.ts";
import { stretchOf } from "./fuzz.ts";
import { rpcTarget } from "./rpcTarget.ts";
import { Stretches } from "./stretches.ts";
import type { Target } from "./target.ts";

const stretchMsMax = 50;
const oneByte = Uint8Array.of(5);

function byteReader(read: (bytes: Uint8Array) => unknown): Target {
  return {
    name: "a reader",
    make: () => undefined,
    run(input) {
      try {
        read(input as Uint8Array);
        return true;
      } catch (error) {
        if (error instanceof AllotError) return false;
        throw error;
      }
    },
  };
}

describe("the largest inputs", function () {
  this.timeout(120_000);
  const stretches = new Stretches();
  before(() => stretches.start());
  after(() => stretches.stop());

  async function isShort(target: Target, input: unknown): Promise<void> {
    await setImmediate();
    const ms = await stretchOf(target, input, stretches);
    expect(ms, "milliseconds in which nothing else got its turn").to.be.at.most(stretchMsMax);
  }

  describe("from peers", () => {
    const reader = byteReader(decodeMessage);
    const tiny = Array.from({ length: blockTransactionsWireMax }, () => oneByte);
    const full = sealBlock(block.header, tiny, block.justification);

    it("a block of as many transactions as any may have is read in time", async () => {
      const bytes = encodeMessage({ kind: "proposal", block: full, vote: sign(0, votes.notarize) });
      expect(reader.run(bytes)).to.equal(true);
      await isShort(reader, bytes);
    });

    it("a message of as many such blocks as it may list is refused before it is read", async () => {
      const blocks = Array.from({ length: blocksPerMessageMax }, () => ({ block: full, finalization: undefined }));
      const bytes = encodeMessage({ kind: "blocks", blocks });
      expect(reader.run(bytes)).to.equal(false);
      await isShort(reader, bytes);
    });

    it("certificates of the largest set, as many as a message may list, are read in time", async () => {
      const signers = Array.from({ length: validatorCountMax }, (_, i) => ValidatorIndex(i));
      const [signature] = certify(votes.nullify).signatures;
      const certificate = { vote: votes.nullify, signers, signatures: signers.map(() => signature as `0x${string}`) };
      const certificates = Array.from({ length: certificatesPerMessageMax }, () => certificate);
      const bytes = encodeMessage({ kind: "certificates", certificates } as never);
      expect(reader.run(bytes)).to.equal(true);
      await isShort(reader, bytes);
    });

    it("a batch of as many transactions as it may hold is read in time", async () => {
      const transactions = Array.from({ length: gossipBatchTransactionsMax }, () => oneByte);
      await isShort(byteReader(decodeBatch), encodeBatch([PeerIndex(validatorCountMax - 1)], transactions));
    });
  });

  describe("from clients", () => {
    let rpc: Target;
    before(async () => {
      rpc = await rpcTarget();
    });
    after(() => rpc.close?.());

    const filled = (first: string, each: string, last: string): string =>
      first + each.repeat((rpcBodyBytesMax - first.length - last.length) / each.length) + last;
    const texts: Readonly<Record<string, string>> = {
      "full of objects": filled("[", "{},", "{}]"),
      "nested as deep as it goes": filled("", "[", ""),
      "full of numbers": filled("[", "1,", "1]"),
      "full of escapes": filled('["', "\\u0041", '"]'),
      "full of quotes behind backslashes": filled('["', '\\"', '"]'),
      "one number of all its digits": filled("[", "9", "]"),
    };
    for (const [what, text] of Object.entries(texts)) {
      it(`a request ${what} is refused in time`, async () => {
        expect(await rpc.run(text)).to.equal(false);
        await isShort(rpc, text);
      });
    }

    /** As many calls as fit a batch. */
    const batchOf = (method: string, params: unknown): string => {
      const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const count = Math.min(rpcBatchCallsMax, Math.floor(rpcBodyBytesMax / (call.length + 1)));
      return `[${Array.from({ length: count }, () => call).join(",")}]`;
    };
    const words = (count: number, bytes: number): readonly string[] =>
      Array.from({ length: count }, (_, i) => `0x${i.toString(16).padStart(2 * bytes, "0")}`);
    const address = `0x${"a1".repeat(20)}`;
    const criteria = {
      fromBlock: "earliest",
      address: words(logFilterAlternativesMax, 20),
      topics: [0, 1, 2, 3].map(() => words(logFilterAlternativesMax, 32)),
    };
    const costly: Readonly<Record<string, unknown>> = {
      eth_getLogs: [criteria],
      eth_getProof: [address, words(proofSlotsMax, 32), "latest"],
      eth_sendRawTransaction: rightParameters.eth_sendRawTransaction,
      eth_getBlockByNumber: ["latest", true],
      eth_newFilter: [criteria],
    };
    for (const [method, params] of Object.entries(costly)) {
      it(`a batch full of ${method} leaves everything else its turn`, () => isShort(rpc, batchOf(method, params)));
    }
  });
});
