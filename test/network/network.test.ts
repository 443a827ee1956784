// Real sockets, real TLS, on the loopback interface.
import { randomBytes } from "node:crypto";
import { createServer, type Server, connect as tcpConnect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { freePorts } from "../../node/cli/ports.ts";
import { peerQueueBytesMax } from "../../node/config/limits.ts";
import { derivePeerKey, peerPublicKey } from "../../node/crypto/peerKey.ts";
import { PeerIndex } from "../../node/types/brands.ts";
import { AllotError } from "../../node/types/errors.ts";
import { failsWith } from "../storage/errorCode.ts";
import { frameBytesMax, type TestNetwork, TestValidator, testNetwork, until } from "./testNetwork.ts";

describe("the validators' network", function () {
  this.timeout(60_000);
  const running: TestValidator[] = [];
  let net: TestNetwork;

  beforeEach(async () => {
    net = testNetwork(await freePorts("127.0.0.1", 3));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.network.stop()));
  });

  async function start(...validators: TestValidator[]): Promise<void> {
    running.push(...validators);
    await Promise.all(validators.map((each) => each.network.start()));
  }

  async function mesh(...indices: number[]): Promise<TestValidator[]> {
    const validators = indices.map((index) => net.validator(index));
    await start(...validators);
    const all = indices.length - 1;
    await until("every link up", () => validators.every((each) => each.network.connectedPeers().length === all));
    return validators;
  }

  it("carries frames in order, small and large", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    const sizes = [1, 100, frameBytesMax, 3, 70_000, 65_536, 65_532, 200];
    sizes.forEach((size, i) => void a.network.send(b.index, Buffer.alloc(size, i)));
    await until("all frames", () => b.frames.length === sizes.length);
    expect(b.frames.map(({ payload }) => payload.length)).to.deep.equal(sizes);
    expect(b.frames.every(({ payload, from }, i) => from === a.index && payload.every((byte) => byte === i))).to.equal(
      true,
    );
  });

  it("broadcasts to every other validator, and gossips transactions to each once", async () => {
    const validators = await mesh(0, 1, 2);
    const [a] = validators as [TestValidator];
    await until("gossip is up", async () => {
      a.network.publish(randomBytes(50));
      await delay(50);
      return validators.slice(1).every((each) => each.transactions.length > 0);
    });
    await delay(300);
    for (const each of validators) each.transactions.length = 0;
    const transactions = Array.from({ length: 100 }, () => randomBytes(150));
    for (const transaction of transactions) a.network.publish(transaction);
    a.network.broadcast(Buffer.from("hello"));
    await until("all of it", () =>
      validators.slice(1).every((each) => each.transactions.length >= 100 && each.frames.length === 1),
    );
    await delay(200);
    for (const each of validators.slice(1)) {
      const received = each.transactions.map(({ payload }) => Buffer.from(payload).toString("hex"));
      const published = transactions.map((transaction) => transaction.toString("hex"));
      // One of those that looked whether gossip is up may still be on its way.
      expect(received.filter((transaction) => published.includes(transaction))).to.have.members(published);
    }
    expect(a.transactions).to.have.length(0);
  });

  it("refuses a peer whose key is not in genesis, in the handshake", async () => {
    const [a] = (await mesh(0)) as [TestValidator];
    const key = derivePeerKey(randomBytes(32));
    const [port] = (await freePorts("127.0.0.1", 1)) as unknown as [number];
    // The stranger takes validator 1's place in its own idea of the network.
    const peers = net.peers.map((peer) => (peer.index === 1 ? { ...peer, peerKey: peerPublicKey(key) } : peer));
    const stranger = new TestValidator(1, key, port, peers);
    await start(stranger);
    await until("a refusal", async () => (await a.metric("allot_p2p_refused_connections_total")) > 0);
    await delay(200);
    expect(a.network.connectedPeers()).to.deep.equal([]);
    expect(stranger.network.connectedPeers()).to.deep.equal([]);
  });

  it("does not talk to whoever answers at a validator's address with another key", async () => {
    const [a] = (await mesh(0)) as [TestValidator];
    const impostor = new TestValidator(2, derivePeerKey(randomBytes(32)), net.validator(1).port, net.peers);
    await start(impostor);
    await delay(1_000);
    expect(a.network.connectedPeers()).to.deep.equal([]);
  });

  it("survives a stranger who sends garbage to its port", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    for (let i = 0; i < 3; i++) {
      const socket = tcpConnect(a.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.end(randomBytes(5_000));
    }
    await delay(200);
    b.network.send(a.index, Buffer.from("still here"));
    await until("the frame", () => a.frames.length === 1);
  });

  it("disconnects a validator that sends an oversized frame, and refuses it for a while", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    a.network.send(b.index, Buffer.alloc(frameBytesMax + 1));
    await until("the end of the link", () => b.network.connectedPeers().length === 0);
    expect(await b.metric("allot_p2p_peer_faults_total", { code: "FRAME_TOO_LONG" })).to.equal(1);
    await delay(500);
    expect(b.network.connectedPeers()).to.deep.equal([]);
    expect(b.frames).to.have.length(0);
  });

  it("disconnects a validator whose frame the node cannot read", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    b.onFrame = () => {
      throw new AllotError("MALFORMED", {}, "not a message");
    };
    a.network.send(b.index, Buffer.from("garbage"));
    await until("the end of the link", () => b.network.connectedPeers().length === 0);
    expect(await b.metric("allot_p2p_peer_faults_total", { code: "MALFORMED" })).to.equal(1);
  });

  it("connects again after the other side was away", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    await b.network.stop();
    await until("the loss is noticed", () => a.network.connectedPeers().length === 0);
    const again = net.validator(1);
    await start(again);
    await until(
      "both directions",
      () => a.network.connectedPeers().length === 1 && again.network.connectedPeers().length === 1,
    );
    a.network.send(again.index, Buffer.from("welcome back"));
    await until("the frame", () => again.frames.length === 1);
  });

  it("drops frames for a peer that does not read, holds no more than the limit, and goes on when it reads", async () => {
    const [a, b] = (await mesh(0, 1)) as [TestValidator, TestValidator];
    b.network.pause(a.index);
    await delay(50);
    const frame = Buffer.alloc(frameBytesMax, 1);
    const count = Math.ceil(peerQueueBytesMax / frameBytesMax) + 32;
    for (let i = 0; i < count; i++) {
      a.network.send(b.index, frame);
      await delay(1);
    }
    const dropped = await a.metric("allot_p2p_messages_total", { direction: "dropped" });
    expect(dropped, "past the limit frames are dropped").to.be.greaterThan(0);
    expect(b.frames.length, "a paused reader gets nothing").to.be.lessThan(8);
    b.network.resume(a.index);
    await until("what was queued", () => b.frames.length === count - dropped);
    a.network.send(b.index, Buffer.from("goes on"));
    await until("the next", () => b.frames.length === count - dropped + 1);
  });

  it("says which address it cannot listen on", async () => {
    const taken: Server = createServer();
    const [port] = (await freePorts("127.0.0.1", 1)) as unknown as [number];
    await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
    try {
      const { index, peerKey } = net.validator(0);
      const validator = new TestValidator(index, peerKey, port, net.peers);
      const error = await failsWith("LISTEN_FAILED", () => validator.network.start());
      expect(error.message).to.contain(String(port));
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  it("finds nobody under an index that is not in genesis", async () => {
    const [a] = (await mesh(0)) as [TestValidator];
    a.network.send(PeerIndex(77), Buffer.from("nobody"));
    expect(a.network.peers().map(({ index }) => index)).to.deep.equal([1, 2]);
  });
});
