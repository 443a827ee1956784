// Encodings: canonical, strict, pinned by vectors.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { blockTransactionsWireMax } from "../../node/config/limits.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { AllotError } from "../../node/types/errors.ts";
import { hexOf } from "../../node/types/hex.ts";
import { decodeMessage, encodeMessage } from "../../node/types/messageCodec.ts";
import { decodeRecord, encodeRecord } from "../../node/types/recordCodec.ts";
import { RlpReader } from "../../node/types/rlpReader.ts";
import { concat, encodeBytes, encodeCount, encodeList } from "../../node/types/rlpWriter.ts";
import { decodeCertificate, encodeCertificate } from "../../node/types/voteCodec.ts";
import { block, certify, messages, records, votes } from "./samples.ts";
import { vectors } from "./vectors.ts";

const vectorsFile = new URL("../vectors/consensus.json", import.meta.url);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AllotError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("consensus: encodings", () => {
  it("are those of the committed vectors", () => {
    expect(JSON.parse(JSON.stringify(vectors()))).to.deep.equal(JSON.parse(readFileSync(vectorsFile, "utf8")));
  });

  for (const message of messages) {
    it(`a ${message.kind} message survives encoding and decoding`, () => {
      expect(decodeMessage(encodeMessage(message))).to.deep.equal(message);
    });

    it(`a ${message.kind} message cut short or followed by anything is refused`, () => {
      const encoded = encodeMessage(message);
      for (let length = 0; length < encoded.length; length += Math.ceil(encoded.length / 200)) {
        expect(codeOf(() => decodeMessage(encoded.subarray(0, length)))).to.not.equal("accepted");
      }
      expect(codeOf(() => decodeMessage(concat([encoded, Uint8Array.of(0)])))).to.equal("RLP_TRAILING_BYTES");
    });

    it(`whatever a changed ${message.kind} message decodes to has that very encoding`, () => {
      const encoded = encodeMessage(message);
      const change = fc.tuple(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }));
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          const changed = Uint8Array.from(encoded);
          for (const [at, by] of changes) changed[at] = ((changed[at] as number) + by) & 255;
          let decoded: ReturnType<typeof decodeMessage>;
          try {
            decoded = decodeMessage(changed);
          } catch (error) {
            return error instanceof AllotError;
          }
          return hexOf(encodeMessage(decoded)) === hexOf(changed);
        }),
        { numRuns: 300, seed: 1 },
      );
    });
  }

  it("records of the log survive encoding and decoding", () => {
    for (const record of records) expect(decodeRecord(encodeRecord(record))).to.deep.equal(record);
  });

  it("random bytes are refused with a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const framed = concat([Uint8Array.of(1, 1 + ((bytes[0] ?? 0) % 9)), bytes]);
        return [bytes, framed].every((input) => codeOf(() => decodeMessage(input)) !== "InvariantError");
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it("another version or kind is refused", () => {
    const encoded = encodeMessage(messages[1] as (typeof messages)[number]);
    expect(codeOf(() => decodeMessage(concat([Uint8Array.of(2), encoded.subarray(1)])))).to.equal("UNKNOWN_VERSION");
    expect(codeOf(() => decodeMessage(concat([Uint8Array.of(1, 99), encoded.subarray(2)])))).to.equal("MALFORMED");
    expect(codeOf(() => decodeRecord(Uint8Array.of(1, 9, 0xc0)))).to.equal("MALFORMED");
  });

  it("a block whose transactions or justification do not match its header is refused", () => {
    const encoded = encodeRecord({ kind: "block", block });
    const at = Buffer.from(encoded).indexOf(Buffer.alloc(60, 7));
    const changed = Uint8Array.from(encoded);
    changed[at + 5] = 8;
    expect(codeOf(() => decodeRecord(changed))).to.equal("HASH_MISMATCH");
    changed[at + 5] = 7;
    changed[changed.length - 1] = 0x99;
    expect(codeOf(() => decodeRecord(changed))).to.equal("HASH_MISMATCH");
  });

  it("a certificate has one encoding: no trailing zero bytes in the bitmap, as many signatures as bits", () => {
    const decode = (bitmap: Uint8Array, signatures: number) => {
      const vote = encodeList([encodeCount(2), encodeCount(0), encodeCount(5)]);
      const encoded = encodeList([vote, encodeBytes(bitmap), encodeBytes(new Uint8Array(65 * signatures))]);
      return codeOf(() => decodeCertificate(new RlpReader(encoded)));
    };
    expect(decode(Uint8Array.of(0b111), 3)).to.equal("accepted");
    expect(decode(Uint8Array.of(0b111, 0), 3)).to.equal("MALFORMED");
    expect(decode(Uint8Array.of(0b111), 2)).to.equal("MALFORMED");
    expect(decode(new Uint8Array(17).fill(1), 17)).to.equal("MALFORMED");
  });

  it("lists past the limits are refused before they are read", () => {
    const many = encodeList(Array.from({ length: 65 }, () => encodeCertificate(certify(votes.nullify))));
    expect(codeOf(() => decodeMessage(concat([Uint8Array.of(1, 9), many])))).to.equal("MALFORMED");
    const half = Array.from({ length: blockTransactionsWireMax / 2 + 1 }, () => Uint8Array.of(1));
    const one = { block: sealBlock(block.header, half, block.justification), finalization: undefined };
    expect(codeOf(() => decodeMessage(encodeMessage({ kind: "blocks", blocks: [one] })))).to.equal("accepted");
    expect(codeOf(() => decodeMessage(encodeMessage({ kind: "blocks", blocks: [one, one] })))).to.equal("MALFORMED");
  });
});
