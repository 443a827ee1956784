// Four validators as separate processes on real sockets and disks. The cases build on each other: one network lives
// through all of them.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { localConsensus } from "../../node/genesis/parameters.ts";
import type { Hex } from "../../node/types/brands.ts";
import { Cluster, call, eventually } from "./cluster.ts";

describe("four validators", function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let sent = 0;

  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster?.stop());

  const all = (): DevnetValidator[] => [0, 1, 2, 3].map((index) => cluster.validator(index));

  async function transfers(count: number, to: DevnetValidator): Promise<Hex> {
    let last: Hex = "0x";
    for (let i = 0; i < count; i++) last = await cluster.send(to);
    sent += count;
    return last;
  }

  /** Every validator has executed `hash` in the same block, and holds the same state. */
  async function agree(hash: Hex, validators: readonly DevnetValidator[]): Promise<void> {
    const receipts = await Promise.all(validators.map((each) => cluster.executed(hash, each)));
    expect(new Set(receipts.map(({ blockHash }) => blockHash)).size, "one block").to.equal(1);
    const start = 10n ** 22n;
    for (const each of validators) expect(await cluster.balance(each)).to.equal(start + BigInt(sent));
    const roots = await eventually("the same head everywhere", async () => {
      const heads = await Promise.all(validators.map((each) => cluster.head(each)));
      return new Set(heads.map(({ height }) => height)).size === 1 ? heads : undefined;
    });
    expect(new Set(roots.map(({ stateRoot }) => stateRoot)).size, "one state root").to.equal(1);
    expect(new Set(roots.map(({ hash: block }) => block)).size, "one head").to.equal(1);
  }

  it("finalize what is sent to one of them, all with the same state", async () => {
    await agree(await transfers(20, cluster.validator(0)), all());
  });

  it("serve a finalization for every block, by whichever of them is asked", async () => {
    const { height } = await cluster.head(cluster.validator(2));
    const found = await eventually("a finalization", () =>
      call<{ headers: { height: number }[]; finalization: { signers: number[] } }>(
        cluster.validator(1).rpcUrl(),
        "allot_getFinalization",
        `0x${height.toString(16)}`,
      ),
    );
    expect(found.finalization.signers).to.have.length(3);
    expect(found.headers[0]?.height).to.equal(height);
  });

  it("go idle when there is nothing to order, and propose at once when there is again", async () => {
    await delay(1_000);
    const before = await cluster.head(cluster.validator(0));
    await delay(1_000);
    const after = await cluster.head(cluster.validator(0));
    expect(after.height - before.height, "blocks in an idle second").to.be.lessThan(3);
    const start = performance.now();
    // Without a proposal of its own for it, the transaction would wait for the next heartbeat.
    await cluster.executed(await transfers(1, cluster.validator(3)), cluster.validator(3));
    expect(performance.now() - start, "milliseconds to finality").to.be.lessThan(localConsensus.heartbeatMs);
  });

  it("go on without one that was killed", async () => {
    await cluster.validator(1).kill();
    const alive = all().filter((each) => each.name !== cluster.validator(1).name);
    await agree(await transfers(20, cluster.validator(2)), alive);
  });

  it("have it back, caught up, when it starts again", async () => {
    await cluster.validator(1).start();
    await agree(await transfers(5, cluster.validator(1)), all());
  });

  it("lose nothing that was final when all are killed at once, and resume", async () => {
    const hash = await transfers(30, cluster.validator(0));
    const { blockNumber, blockHash } = await cluster.executed(hash, cluster.validator(0));
    await Promise.all(all().map((each) => each.kill()));
    await Promise.all(all().map((each) => each.start()));
    for (const each of all()) {
      expect(await eventually("the block", () => cluster.blockHash(each, Number(blockNumber)))).to.equal(blockHash);
    }
    await agree(await transfers(5, cluster.validator(2)), all());
  });

  it("stop cleanly when asked to, and go on from there", async () => {
    const statuses = await Promise.all(all().map((each) => each.stop()));
    expect(statuses.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
    await Promise.all(all().map((each) => each.start()));
    await agree(await transfers(3, cluster.validator(1)), all());
  });

  it("have one back that lost its log: it signs nothing until the others have told their views", async () => {
    const lost = cluster.validator(3);
    await lost.kill();
    rmSync(join(lost.directory, "wal"), { recursive: true });
    await lost.start();
    await agree(await transfers(5, lost), all());
    const log = readFileSync(lost.logFile, "utf8");
    expect(log).to.contain("do not belong together");
    expect(log).to.contain("signing goes on from this view");
    // With another one away the quorum needs its votes.
    await cluster.validator(0).kill();
    const alive = all().filter((each) => each.name !== cluster.validator(0).name);
    await agree(await transfers(5, lost), alive);
    await cluster.validator(0).start();
    await agree(await transfers(1, lost), all());
  });

  it("have one back that lost everything but its key: it fetches the whole chain", async () => {
    const lost = cluster.validator(2);
    await lost.kill();
    for (const name of ["wal", "data", "signer-guard.json"]) rmSync(join(lost.directory, name), { recursive: true });
    await lost.start();
    await agree(await transfers(3, cluster.validator(1)), all());
  });

  it("serve the metrics that docs/observability.md lists, and no others", async () => {
    const documented = readFileSync("docs/observability.md", "utf8").matchAll(/^\| `(allot_\w+)` \| (\w+) \|/gm);
    const text = await (await fetch(new URL("/metrics", cluster.validator(0).rpcUrl()))).text();
    const served = text.matchAll(/^# TYPE (allot_\w+) (\w+)$/gm);
    const described = (matches: Iterable<RegExpMatchArray>) => [...matches].map(([, name, type]) => `${name} ${type}`);
    expect(described(served)).to.have.members(described(documented));
    const read = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
    expect(read("allot_consensus_height")).to.be.greaterThan(0);
    expect(read("allot_p2p_peers")).to.equal(3);
  });

  it("never signed a contradiction through all this", async () => {
    for (const each of all()) {
      const metrics = await (await fetch(`${each.rpcUrl()}/metrics`)).text();
      expect(metrics).not.to.match(/^allot_consensus_evidence_total\{/m);
    }
  });
});
