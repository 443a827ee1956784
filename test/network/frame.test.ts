import { expect } from "chai";
import { FrameDecoder, frameHeader } from "../../node/network/frame.ts";
import { failsWith } from "../storage/errorCode.ts";

const framed = (...texts: readonly string[]): Buffer =>
  Buffer.concat(texts.flatMap((text) => [frameHeader(text.length), Buffer.from(text)]));

const read = (decoder: FrameDecoder, piece: Uint8Array): string[] =>
  [...decoder.push(piece)].map((payload) => Buffer.from(payload).toString());

describe("frames", () => {
  it("come out whole however they are cut into pieces", () => {
    const bytes = framed("one", "second", "3");
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const decoder = new FrameDecoder(100);
        const pieces = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(pieces.flatMap((piece) => read(decoder, piece))).to.deep.equal(["one", "second", "3"]);
      }
    }
  });

  it("are refused at the header when they are too long or empty, before the payload arrives", async () => {
    await failsWith("FRAME_TOO_LONG", () => read(new FrameDecoder(100), frameHeader(101)));
    await failsWith("FRAME_EMPTY", () => read(new FrameDecoder(100), frameHeader(0)));
    const decoder = new FrameDecoder(100);
    expect(read(decoder, frameHeader(101).subarray(0, 3))).to.deep.equal([]);
    await failsWith("FRAME_TOO_LONG", () => read(decoder, frameHeader(101).subarray(3)));
  });
});
