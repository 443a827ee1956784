import { expect } from "chai";
import type { LedgerApplication } from "../../node/application/ledger.ts";
import type { Application } from "../../node/types/application.ts";
import { type Digest, PeerIndex, type ValidatorIndex } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { SignedVote } from "../../node/types/vote.ts";
import { sign } from "../mempool/signing.ts";
import { until } from "../network/testNetwork.ts";
import { failsWith } from "../storage/errorCode.ts";
import { MemoryCluster, type MemoryNode, sender } from "./memoryCluster.ts";

const transfer = (nonce: number, chainId: number): Uint8Array => sign(sender, { chainId, nonce, value: 1n });

/** The real application, but executing does what `execute` says. */
function withExecute(real: LedgerApplication, execute: Application["execute"]): Application {
  return new Proxy(real, {
    get(target, name) {
      if (name === "execute") return execute;
      const member = Reflect.get(target, name) as unknown;
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("the driver", function () {
  this.timeout(60_000);
  let cluster: MemoryCluster;

  afterEach(() => cluster.close());

  async function startAll(count: number): Promise<MemoryNode[]> {
    cluster = new MemoryCluster(count);
    return Promise.all(cluster.keys.map((_, index) => cluster.start(index)));
  }

  const isAtLeast = (nodes: readonly MemoryNode[], height: number) => () =>
    nodes.every(({ application }) => application.info().height >= height);

  const mempoolsEmpty = (nodes: readonly MemoryNode[]) => () =>
    nodes.every(({ application }) => application.mempool.size === 0);

  function expectNoFailure(nodes: readonly MemoryNode[]): void {
    for (const { fatal } of nodes) expect(fatal).to.deep.equal([]);
  }

  it("orders and executes alone, when the set is one validator", async () => {
    const nodes = await startAll(1);
    cluster.submit(transfer(0, cluster.genesis.chainId));
    await until("the commit", mempoolsEmpty(nodes));
    expectNoFailure(nodes);
  });

  it("lets nothing leave before what it relies on is on the disk: log first, then guard, then the wire", async () => {
    cluster = new MemoryCluster(4);
    const missing: string[] = [];
    let votes = 0;
    cluster.onCast = (by, vote) => {
      const log = cluster.logOnDisk(by).flatMap((each) => (each.kind === "consensus" ? [each.record] : []));
      const isLogged = log.some((each) => each.kind === "vote" && JSON.stringify(each.vote) === JSON.stringify(vote));
      if (!isLogged) missing.push(`log lacks ${vote.kind} ${vote.view}`);
      if (vote.kind !== "notarize") return;
      const isBodyLogged = log.some((each) => each.kind === "block" && each.block.digest === vote.digest);
      if (!isBodyLogged) missing.push(`log lacks the body of notarize ${vote.view}`);
    };
    const check = (from: ValidatorIndex, { vote, signer }: SignedVote): void => {
      if (signer !== from) return;
      votes++;
      const guard = cluster.guardOnDisk(from);
      const signed = vote.kind === "nullify" ? guard?.nullify : guard?.[vote.kind] === vote.digest;
      const isGuarded = guard !== undefined && (guard.view > vote.view || (guard.view === vote.view && signed));
      if (!isGuarded) missing.push(`guard lacks ${vote.kind} ${vote.view}`);
    };
    cluster.onSend = (from: ValidatorIndex, message: PeerMessage) => {
      if (message.kind === "vote" || message.kind === "proposal") check(from, message.vote);
      if (message.kind !== "certificate") return;
      const { vote } = message.certificate;
      const log = cluster.logOnDisk(from).flatMap((each) => (each.kind === "consensus" ? [each.record] : []));
      const isLogged = log.some(
        (each) => each.kind === "certificate" && JSON.stringify(each.certificate.vote) === JSON.stringify(vote),
      );
      if (!isLogged) missing.push(`log lacks the certificate of ${vote.kind} ${vote.view}`);
    };
    const nodes = await Promise.all(cluster.keys.map((_, index) => cluster.start(index)));
    for (let nonce = 0; nonce < 5; nonce++) {
      cluster.submit(transfer(nonce, cluster.genesis.chainId));
      await until("the commit", mempoolsEmpty(nodes));
    }
    expect(votes).to.be.greaterThan(20);
    expect(missing).to.deep.equal([]);
    expectNoFailure(nodes);
  });

  it("gives every validator the same blocks and results", async () => {
    const nodes = await startAll(4);
    for (let nonce = 0; nonce < 20; nonce++) cluster.submit(transfer(nonce, cluster.genesis.chainId));
    await until("the commits", mempoolsEmpty(nodes));
    await until("one height", () => new Set(nodes.map(({ application }) => application.info().height)).size === 1);
    expect(new Set(nodes.map(({ application }) => application.info().executionHash)).size).to.equal(1);
    expectNoFailure(nodes);
  });

  it("goes on without one of four, and brings it up to date when it is back", async () => {
    const nodes = await startAll(4);
    cluster.submit(transfer(0, cluster.genesis.chainId));
    await until("the commit", mempoolsEmpty(nodes));
    await (nodes[2] as MemoryNode).stop();
    const others = nodes.filter(({ index }) => index !== 2);
    for (let nonce = 1; nonce < 4; nonce++) {
      cluster.submit(transfer(nonce, cluster.genesis.chainId));
      await until("the commit", mempoolsEmpty(others));
    }
    const height = (others[0] as MemoryNode).application.info().height;
    const back = await cluster.start(2);
    expect(back.driver.state.signing.mode, "log and guard tell the same").to.equal("normal");
    await until("it has caught up", isAtLeast([back], height));
    cluster.submit(transfer(4, cluster.genesis.chainId));
    await until("all have it", mempoolsEmpty([...others, back]));
    expectNoFailure([...others, back]);
  });

  it("has a block in its log before the application commits it, also one that it only fetched", async () => {
    const nodes = await startAll(4);
    const [, , , last] = nodes as [MemoryNode, MemoryNode, MemoryNode, MemoryNode];
    cluster.isLost = (to, message) => to === last.index && message.kind === "proposal";
    const unlogged: string[] = [];
    last.application.onCommitted(({ context }) => {
      const isLogged = cluster
        .logOnDisk(last.index)
        .some(
          (each) =>
            each.kind === "consensus" && each.record.kind === "block" && each.record.block.digest === context.digest,
        );
      if (!isLogged) unlogged.push(context.digest);
    });
    for (let nonce = 0; nonce < 3; nonce++) {
      cluster.submit(transfer(nonce, cluster.genesis.chainId));
      await until("the commit", mempoolsEmpty(nodes));
    }
    expect(unlogged).to.deep.equal([]);
    expectNoFailure(nodes);
  });

  it("starts again from the log alone what was final and not committed", async () => {
    cluster = new MemoryCluster(1);
    // The application dies between finality and commit: it never executes.
    let ordered = 0;
    const stuck = await cluster.start(0, {
      application: (real) =>
        withExecute(real, () => {
          ordered++;
          return new Promise(() => undefined);
        }),
    });
    cluster.submit(transfer(0, cluster.genesis.chainId));
    await until("the block is ordered", () => ordered > 0 && stuck.driver.state.final.length > 0);
    expect(stuck.application.info().height).to.equal(0);
    await stuck.stop();
    const again = await cluster.start(0);
    await until("the commit", isAtLeast([again], 1));
    expectNoFailure([again]);
  });

  it("stops loudly when the engine fails on a block", async () => {
    cluster = new MemoryCluster(1);
    const node = await cluster.start(0, {
      application: (real) => withExecute(real, async () => Promise.reject(new RangeError("the engine is broken"))),
    });
    cluster.submit(transfer(0, cluster.genesis.chainId));
    await until("the stop", () => node.fatal.length > 0);
    expect(node.fatal).to.deep.equal([{ code: "UNEXPECTED", reason: "the engine is broken" }]);
  });

  it("stops when its own result is not the one that the quorum finalized", async () => {
    cluster = new MemoryCluster(4);
    const wrong = `0x${"ee".repeat(32)}` as Digest;
    const lying = (real: LedgerApplication): Application =>
      withExecute(real, async (block) => {
        const result = await real.execute(block);
        return block.transactions.length > 0 ? { ...result, executionHash: wrong } : result;
      });
    const honest = await Promise.all([0, 1, 2].map((index) => cluster.start(index)));
    const diverging = await cluster.start(3, { application: lying });
    cluster.submit(transfer(0, cluster.genesis.chainId));
    await until("the stop", () => diverging.fatal.length > 0);
    expect(diverging.fatal[0]?.code).to.equal("EXECUTION_DIVERGED");
    expectNoFailure(honest);
  });

  it("takes a frame that is no message for the peer's fault", async () => {
    const [node] = (await startAll(1)) as [MemoryNode];
    await failsWith("UNKNOWN_VERSION", () => node.driver.receive(PeerIndex(1), Buffer.from("garbage")));
    await failsWith("MALFORMED", () => node.driver.receive(PeerIndex(1), Uint8Array.of(1, 99, 0xc0)));
    expectNoFailure([node]);
  });
});
