// Validators of different releases on one network: real sockets, real TLS.
import { setTimeout as delay } from "node:timers/promises";
import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import { tcp } from "@libp2p/tcp";
import { expect } from "chai";
import { createLibp2p } from "libp2p";
import { freePorts } from "../../node/cli/ports.ts";
import { peerQueueBytesMax } from "../../node/config/limits.ts";
import { tlsInWholeRecords, yamuxWithLazyWindows } from "../../node/network/fewerWrites.ts";
import { encodeMessage } from "../../node/types/messageCodec.ts";
import { protocolOf, type WireVersion } from "../../node/types/wireVersion.ts";
import { messages } from "../consensus/samples.ts";
import { frameBytesMax, networkId, type TestNetwork, type TestValidator, testNetwork, until } from "./testNetwork.ts";

const validators = 4;
/** Of an answer to a fetch: the head of a message that lists blocks. */
const answerHead = encodeMessage({ kind: "blocks", blocks: [] }).subarray(0, 2);
const voteHead = encodeMessage(messages[1] as (typeof messages)[number]).subarray(0, 2);

/** A frame that says who sent it, in which life, and its number there. */
function numbered(head: Uint8Array, life: number, number: number, bytes: number): Buffer {
  const frame = Buffer.alloc(Math.max(bytes, 10), 0x11);
  frame.set(head);
  frame.writeUInt32BE(life, 2);
  frame.writeUInt32BE(number, 6);
  return frame;
}

describe("versions of the wire", function () {
  this.timeout(120_000);
  const running: TestValidator[] = [];
  let net: TestNetwork;

  beforeEach(async () => {
    net = testNetwork(await freePorts("127.0.0.1", validators));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.network.stop()));
  });

  async function start(index: number, version: WireVersion): Promise<TestValidator> {
    const validator = net.validator(index, version);
    running.push(validator);
    await validator.network.start();
    return validator;
  }

  const versionWith = (validator: TestValidator, peer: number): Promise<number> =>
    validator.metric("allot_p2p_wire_version", { peer: `validator-${peer}` });

  it("a network is upgraded one by one from version 1 to 2, and back, while traffic goes on", async () => {
    const now: TestValidator[] = [];
    const versions: WireVersion[] = [1, 1, 1, 1];
    const lives = [0, 0, 0, 0];
    for (let i = 0; i < validators; i++) now.push(await start(i, 1));
    const meshed = () => now.every(({ network }) => network.connectedPeers().length === validators - 1);
    await until("every link up", meshed);

    // Everybody sends votes all the time, and now and then a long answer, to everybody.
    let number = 0;
    let isOver = false;
    const traffic = (async () => {
      for (; !isOver; number++) {
        for (const [i, { network }] of now.entries()) {
          network.broadcast(numbered(voteHead, lives[i] as number, number, 300));
          if (number % 20 === i) network.broadcast(numbered(answerHead, lives[i] as number, number, frameBytesMax / 2));
        }
        await delay(5);
      }
    })();

    const everybodyHears = async (): Promise<void> => {
      const before = number;
      await until("everybody hears everybody", () =>
        now.every(({ frames, index: self }) =>
          now.every(
            ({ index: peer }) =>
              peer === self ||
              frames.some(({ from, payload }) => from === peer && Buffer.from(payload).readUInt32BE(6) > before),
          ),
        ),
      );
    };
    const upgrade = async (index: number, version: WireVersion): Promise<void> => {
      const others = now.filter((_, i) => i !== index);
      const heard = others.map(({ frames }) => frames.length);
      await (now[index] as TestValidator).network.stop();
      await until("the others go on without it", () =>
        others.every(({ frames }, i) => frames.length > (heard[i] as number) + 20),
      );
      versions[index] = version;
      lives[index] = (lives[index] as number) + 1;
      now[index] = await start(index, version);
      await until(`validator ${index} is back with version ${version}`, meshed);
      await everybodyHears();
      for (const [i, validator] of now.entries()) {
        for (const peer of now.keys()) {
          if (peer === i) continue;
          const common = Math.min(versions[i] as number, versions[peer] as number);
          expect(await versionWith(validator, peer), `version of ${i} with ${peer}`).to.equal(common);
        }
      }
    };
    await everybodyHears();
    for (let index = 0; index < validators; index++) await upgrade(index, 2);
    await upgrade(2, 1);
    isOver = true;
    await traffic;

    for (const validator of running) {
      const { frames, warnings, index } = validator;
      expect(warnings, `warnings of validator ${index}`).to.deep.equal([]);
      expect(await validator.metric("allot_p2p_peer_faults_total"), "nobody is taken for a liar").to.equal(0);
      const last = new Map<string, number>();
      for (const { from, payload } of frames) {
        const bytes = Buffer.from(payload);
        const [lane, life, at] = [bytes[1], bytes.readUInt32BE(2), bytes.readUInt32BE(6)];
        expect(
          bytes.subarray(10).every((byte) => byte === 0x11),
          "frames arrive whole",
        ).to.equal(true);
        const key = `${from} ${life} ${lane}`;
        expect(at, `order of the frames from ${key}`).to.be.greaterThan(last.get(key) ?? -1);
        last.set(key, at);
      }
      expect(last.size).to.be.greaterThan(0);
    }
  });

  it("a vote overtakes a long answer in version 2, and waits behind it in version 1", async () => {
    for (const version of [1, 2] as const) {
      const [a, b] = [await start(0, version), await start(1, 2)];
      await until("the link", () => a.network.connectedPeers().length === 1 && b.network.connectedPeers().length === 1);
      a.network.send(b.index, numbered(answerHead, 0, 1, frameBytesMax));
      a.network.send(b.index, numbered(voteHead, 0, 2, 300));
      await until("both", () => b.frames.length === 2);
      const order = b.frames.map(({ payload }) => Buffer.from(payload).readUInt32BE(6));
      expect(order, `version ${version}`).to.deep.equal(version === 1 ? [1, 2] : [2, 1]);
      await Promise.all(running.splice(0).map((each) => each.network.stop()));
    }
  });

  it("answers never crowd votes out of the queue of a peer that does not read", async () => {
    const [a, b] = [await start(0, 2), await start(1, 2)];
    await until("the link", () => a.network.connectedPeers().length === 1 && b.network.connectedPeers().length === 1);
    b.network.pause(a.index);
    await delay(50);
    const dropped = () => a.metric("allot_p2p_messages_total", { direction: "dropped" });
    const answer = numbered(answerHead, 0, 0, frameBytesMax);
    for (let i = 0; i < (2 * peerQueueBytesMax) / frameBytesMax; i++) {
      a.network.send(b.index, answer);
      await delay(1);
    }
    const answersDropped = await dropped();
    expect(answersDropped).to.be.greaterThan(0);
    const votes = 1_000;
    for (let i = 0; i < votes; i++) a.network.send(b.index, numbered(voteHead, 0, i, 300));
    expect(await dropped(), "no vote is dropped").to.equal(answersDropped);
    b.network.resume(a.index);
    await until("every vote", () => b.frames.filter(({ payload }) => payload[1] === voteHead[1]).length === votes);
  });

  it("a validator of a release with no version in common is named once, with the versions, and counted", async () => {
    const future = await createLibp2p({
      privateKey: privateKeyFromRaw(net.keys[1] as Uint8Array),
      addresses: { listen: [...(net.peers[1]?.addresses ?? [])] },
      transports: [tcp()],
      connectionEncrypters: [tlsInWholeRecords()],
      streamMuxers: [yamuxWithLazyWindows()],
      services: { identify: identify() },
    });
    try {
      const name = `/allot/31337-${networkId.slice(2, 18)}`;
      await future.handle(
        [3, 4].map((version) => protocolOf(name, version)),
        (stream) => void stream.close(),
      );
      const a = await start(0, 2);
      const incompatible = () => a.network.peers().filter((peer) => peer.incompatible);
      await until("the refusal", () => incompatible().length === 1);
      // Several attempts later it has still been said once.
      await delay(2_000);
      expect(a.warnings).to.have.length(1);
      expect(a.warnings[0]).to.contain("validator-1 speaks no version");
      expect(a.warnings[0]).to.contain("(1, 2; it: 3, 4)");
      expect(a.network.connectedPeers()).to.deep.equal([]);
      expect(incompatible().map((peer) => peer.name)).to.deep.equal(["validator-1"]);
    } finally {
      await future.stop();
    }
    // The operator upgrades it to a release that speaks both.
    const again = await start(1, 2);
    const a = running[0] as TestValidator;
    await until(
      "the link",
      () => a.network.connectedPeers().length === 1 && again.network.connectedPeers().length === 1,
    );
    expect(a.network.peers().some((peer) => peer.incompatible)).to.equal(false);
    expect(a.warnings).to.have.length(1);
  });
});
