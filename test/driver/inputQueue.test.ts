import { expect } from "chai";
import { peerInboxBytesMax, peerInboxMessagesMax, transactionHeldBytes } from "../../node/config/limits.ts";
import { InputQueue } from "../../node/inputQueue.ts";
import { Epoch, Height, PeerIndex, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import { block, sign, votes } from "../consensus/samples.ts";

const status: PeerMessage = {
  kind: "status",
  epoch: Epoch(0),
  view: View(1),
  height: Height(0),
  signedEpoch: Epoch(0),
};
const [one, two] = [PeerIndex(1), PeerIndex(2)];

describe("the input queue", () => {
  const events: string[] = [];
  let queue: InputQueue;
  beforeEach(() => {
    events.length = 0;
    queue = new InputQueue(
      {
        pause: (peer) => events.push(`pause ${peer}`),
        resume: (peer) => events.push(`resume ${peer}`),
      },
      (peer) => ValidatorIndex(peer + 10),
    );
  });

  it("takes answers before what waits, and the rest in order", () => {
    queue.push({ kind: "peerConnected", peer: ValidatorIndex(1) });
    queue.pushMessage(two, status, 10);
    queue.pushAnswer({ kind: "buildFailed", view: View(1), reason: "" });
    const kinds = [queue.next(), queue.next(), queue.next(), queue.next()].map((input) => input?.kind);
    expect(kinds).to.deep.equal(["buildFailed", "peerConnected", "message", undefined]);
  });

  it("looks the sender's seat up when its message is taken", () => {
    queue.pushMessage(two, status, 10);
    expect(queue.next()).to.deep.equal({ kind: "message", from: ValidatorIndex(12), message: status });
  });

  it("keeps messages, and nothing else, for the next epoch's core", () => {
    queue.push({ kind: "peerConnected", peer: ValidatorIndex(1) });
    queue.pushAnswer({ kind: "buildFailed", view: View(1), reason: "" });
    queue.pushMessage(two, status, 10);
    queue.dropAllButMessages();
    expect([queue.next()?.kind, queue.next()]).to.deep.equal(["message", undefined]);
  });

  it("stops reading from the peer whose messages pile up, and from no other, until half are taken", () => {
    for (let i = 0; i < peerInboxMessagesMax; i++) queue.pushMessage(one, status, 10);
    queue.pushMessage(two, status, 10);
    expect(events).to.deep.equal(["pause 1"]);
    for (let i = 1; i < peerInboxMessagesMax / 2; i++) queue.next();
    expect(events).to.deep.equal(["pause 1"]);
    queue.next();
    expect(events).to.deep.equal(["pause 1", "resume 1"]);
  });

  it("counts what the transactions of a block hold in memory, however short they are", () => {
    const count = Math.ceil(peerInboxBytesMax / transactionHeldBytes);
    const transactions = Array.from({ length: count }, () => Uint8Array.of(1));
    const full = { ...block, transactions };
    queue.pushMessage(one, { kind: "blocks", blocks: [{ block: full, finalization: undefined }] }, count);
    queue.pushMessage(two, { kind: "proposal", block: full, vote: sign(0, votes.notarize) }, count);
    expect(events).to.deep.equal(["pause 1", "pause 2"]);
    queue.next();
    expect(events).to.deep.equal(["pause 1", "pause 2", "resume 1"]);
  });

  it("counts bytes as well as messages", () => {
    queue.pushMessage(one, status, peerInboxBytesMax / 2);
    queue.pushMessage(one, status, peerInboxBytesMax / 2);
    expect(events).to.deep.equal(["pause 1"]);
    queue.next();
    expect(events).to.deep.equal(["pause 1", "resume 1"]);
  });
});
