import { expect } from "chai";
import { chunkBytesMax } from "../../node/config/limits.ts";
import { ChunkDecoder, chunkHeader, chunkHeaderBytes, type Lane } from "../../node/network/chunk.ts";
import { Random } from "../execution/random.ts";
import { failsWith } from "../storage/errorCode.ts";

const frameBytesMax = 4 * chunkBytesMax;

/** The chunks of one frame. */
function chunksOf(lane: Lane, frame: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < frame.length; at += chunkBytesMax) {
    const bytes = frame.subarray(at, at + chunkBytesMax);
    chunks.push(Buffer.concat([chunkHeader(lane, at + bytes.length === frame.length, bytes.length), bytes]));
  }
  return chunks;
}

const read = (decoder: ChunkDecoder, piece: Uint8Array): Buffer[] =>
  [...decoder.push(piece)].map((frame) => Buffer.from(frame));

describe("chunks", () => {
  const small = Buffer.from("a vote");
  const long = Buffer.alloc(2 * chunkBytesMax + 1, 7);

  it("come out as whole frames however they are cut into pieces", () => {
    const random = new Random(5);
    const bytes = Buffer.concat([
      ...chunksOf("consensus", small),
      ...chunksOf("answers", long),
      ...chunksOf("consensus", small),
    ]);
    for (let round = 0; round < 50; round++) {
      const decoder = new ChunkDecoder(frameBytesMax);
      const frames: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 1 + random.below(random.chance(0.5) ? 6 : 40_000));
        frames.push(...read(decoder, bytes.subarray(at, end)));
        at = end;
      }
      expect(frames.map(({ length }) => length)).to.deep.equal([small.length, long.length, small.length]);
      expect(frames[1]?.equals(long)).to.equal(true);
    }
  });

  it("of a vote pass between those of a long answer", () => {
    const [first, ...others] = chunksOf("answers", long) as [Uint8Array, ...Uint8Array[]];
    const decoder = new ChunkDecoder(frameBytesMax);
    expect(read(decoder, first)).to.deep.equal([]);
    expect(read(decoder, Buffer.concat(chunksOf("consensus", small))).map(String)).to.deep.equal(["a vote"]);
    expect(others.flatMap((each) => read(decoder, each))[0]?.equals(long)).to.equal(true);
  });

  it("are refused at the header when they break the form, before their bytes arrive", async () => {
    const refused = (code: string, header: Uint8Array) =>
      failsWith(code, () => read(new ChunkDecoder(frameBytesMax), header));
    await refused("BAD_CHUNK", chunkHeader("consensus", true, 0));
    await refused("BAD_CHUNK", chunkHeader("consensus", true, chunkBytesMax + 1));
    // Or a frame of six megabytes could come as six million objects.
    await refused("BAD_CHUNK", chunkHeader("answers", false, chunkBytesMax - 1));
    await refused("BAD_CHUNK", Buffer.from([6, 0, 0, 1]));
    const decoder = new ChunkDecoder(frameBytesMax);
    const full = Buffer.concat([chunkHeader("answers", false, chunkBytesMax), Buffer.alloc(chunkBytesMax)]);
    for (let i = 0; i < 4; i++) expect(read(decoder, full)).to.deep.equal([]);
    // The other lane has a frame of its own.
    expect(read(decoder, Buffer.concat(chunksOf("consensus", small)))).to.have.length(1);
    await failsWith("FRAME_TOO_LONG", () => read(decoder, chunkHeader("answers", true, 1)));
  });

  it("say no more than their header and their bytes", () => {
    expect(chunkHeader("answers", true, 258)).to.deep.equal(Buffer.from([3, 0, 1, 2]));
    expect(chunkHeader("consensus", false, 1)).to.have.length(chunkHeaderBytes);
  });
});
