import { expect } from "chai";
import { earlyMessagesBytesMax, earlyMessagesPerPeerMax } from "../../node/config/limits.ts";
import { EarlyMessages } from "../../node/epochs/earlyMessages.ts";
import { Epoch, Height, PeerIndex, View } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";

const message: PeerMessage = {
  kind: "status",
  epoch: Epoch(1),
  view: View(1),
  height: Height(0),
  signedEpoch: Epoch(1),
};
const from = (peer: number, frameBytes = 10) => ({ from: PeerIndex(peer), message, frameBytes });

describe("messages of the next epoch", () => {
  it("are given back in order, once", () => {
    const early = new EarlyMessages();
    for (const peer of [2, 1, 2]) early.keep(from(peer));
    expect(early.take().map((one) => one.from)).to.deep.equal([2, 1, 2]);
    expect(early.take()).to.deep.equal([]);
  });

  it("are kept of each peer up to a number, whatever another sends", () => {
    const early = new EarlyMessages();
    for (let i = 0; i <= earlyMessagesPerPeerMax; i++) early.keep(from(1));
    early.keep(from(2));
    expect(early.take()).to.have.length(earlyMessagesPerPeerMax + 1);
  });

  it("are kept up to what they hold in memory altogether", () => {
    const early = new EarlyMessages();
    early.keep(from(1, earlyMessagesBytesMax));
    early.keep(from(2, 1));
    expect(early.take()).to.have.length(1);
    early.keep(from(2, 1));
    expect(early.take()).to.have.length(1);
  });
});
