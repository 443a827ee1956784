import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { eventually } from "../../sdk/suite/actors.ts";
import { expectMistake, type OperatorNetwork } from "./operatorNetwork.ts";

const program = fileURLToPath(new URL("../../../node/cli/allot.ts", import.meta.url));

interface Watcher {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  lines(): readonly string[];
  errors(): string;
}

interface Line {
  readonly kind: string;
  readonly event: string;
  readonly block: string;
  readonly agentId?: string;
  readonly to?: string;
  readonly proposalId?: string;
}

/** Account 0 governs. */
export function describeWatch(network: () => OperatorNetwork): void {
  const watchers: Watcher[] = [];
  afterEach(async () => {
    for (const { process, ended } of watchers.splice(0)) {
      process.kill("SIGKILL");
      await ended;
    }
  });

  function watch(urls: string, ...flags: string[]): Watcher {
    const child = spawn(process.execPath, [program, "watch", "--rpc-url", urls, ...flags]);
    let output = "";
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk;
    });
    const watcher: Watcher = {
      process: child,
      ended: new Promise((resolve) => child.once("close", resolve)),
      lines: () => output.split("\n").filter((line) => line !== ""),
      errors: () => complaint,
    };
    watchers.push(watcher);
    return watcher;
  }

  const parsed = (watcher: Watcher): readonly Line[] => watcher.lines().map((line) => JSON.parse(line));

  it("tells from the first block on, in order, once, and ends cleanly at Ctrl-C", async () => {
    const watcher = watch(network().urls, "--json", "--from-block", "0");
    const proposal = async () =>
      (await network().json<{ proposalId: string }>(0, "governance", "propose", "operators", "setQuorum", "1"))
        .proposalId;
    const id = await proposal();
    await eventually(() =>
      parsed(watcher).some(({ event, proposalId }) => event === "CallQueued" && proposalId === id),
    );
    const lines = parsed(watcher);
    const blocks = lines.filter(({ kind }) => kind === "block").map(({ block }) => Number(block));
    expect(blocks).to.deep.equal(Array.from({ length: blocks.length }, (_, height) => height));
    const heights = lines.map(({ block }) => Number(block));
    expect(heights).to.deep.equal([...heights].sort((a, b) => a - b));
    expect(lines.filter(({ event, proposalId }) => event === "CallProposed" && proposalId === id)).to.have.length(1);
    watcher.process.kill("SIGINT");
    expect(await watcher.ended).to.equal(0);
    expect(watcher.errors()).to.equal("");
  });

  it("tells only what is asked for, in lines for people", async () => {
    const watcher = watch(network().urls, "--only", "proposal", "--from-block", "0");
    await eventually(() => watcher.lines().length > 2);
    for (const line of watcher.lines())
      expect(line).to.match(/^ *\d+ {2}proposal +(Call|Approval)\w+ {2}proposalId \d+/);
    expect(watcher.errors()).to.include("Ctrl-C");
  });

  it("goes on with its only node when that was killed and started again, and neither misses nor repeats", async () => {
    const [, , own] = network().validators;
    const watcher = watch(own?.rpcUrl ?? "", "--json", "--from-block", "0");
    const propose = async () =>
      (await network().json<{ proposalId: string }>(0, "governance", "propose", "operators", "setQuorum", "1"))
        .proposalId;
    const before = await propose();
    const told = (id: string) =>
      parsed(watcher).some(({ event, proposalId }) => event === "CallQueued" && proposalId === id);
    await eventually(() => told(before));
    network().kill(2);
    const meanwhile = await propose();
    await network().start(2);
    const after = await propose();
    await eventually(() => told(after));
    expect(told(meanwhile)).to.equal(true);
    expect(new Set(watcher.lines()).size).to.equal(watcher.lines().length);
    const blocks = parsed(watcher).filter(({ kind }) => kind === "block");
    expect(blocks.map(({ block }) => Number(block))).to.deep.equal(blocks.map((_, height) => height));
    expect(watcher.errors().match(/no node answers/g)).to.have.length(1);
    watcher.process.kill("SIGINT");
    expect(await watcher.ended).to.equal(0);
  });

  it("says that its output cannot be written, and ends", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [program, "watch", "--rpc-url", network().urls, "--from-block", "0"], {
      stdio: ["ignore", full, "pipe"],
    });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    closeSync(full);
    expect(complaint)
      .to.match(/^allot: the output cannot be written \(ENOSPC\)/m)
      .and.not.to.include("no node answers");
    expect(code).to.equal(2);
  });

  it("goes on with another node when the one it asks is gone, and misses nothing", async () => {
    const order = [...network().urls.split(",")];
    const watcher = watch(order.join(), "--json", "--only", "proposal");
    const propose = async () => {
      const made = await network().json<{ proposalId: string }>(
        0,
        "governance",
        "propose",
        "operators",
        "setQuorum",
        "1",
      );
      await eventually(() => parsed(watcher).some(({ proposalId }) => proposalId === made.proposalId));
    };
    await eventually(() => watcher.process.pid !== undefined);
    // Until the watch is under way what happens may lie before its beginning.
    while (watcher.lines().length === 0) {
      await network().json(0, "governance", "propose", "operators", "setQuorum", "1");
    }
    network().kill(0);
    await propose();
    watcher.process.kill("SIGTERM");
    expect(await watcher.ended).to.equal(0);
  });

  it("refuses kinds that there are not", async () => {
    const outcome = await network().call(3, "watch", "--only", "tasks");
    expectMistake(outcome, /--only: there is no kind tasks; there are task, bid, award/);
  });
}
