import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { pad } from "viem";
import { type DurableFiles, durableFiles } from "../../sdk/agent/durableFiles.ts";
import { openFileSignLock } from "../../sdk/agent/fileSignLock.ts";
import { attestationSlotOf, bidSlotOf } from "../../sdk/agent/signLock.ts";
import { SignLockError } from "../../sdk/errors/signLockError.ts";
import { attestationRecord, bidRecord, deliveryRecord, domain, runOf, tenderOf } from "./fixtures/signLockRecords.ts";

const agentProgram = fileURLToPath(new URL("fixtures/signLockAgent.ts", import.meta.url));

async function refusal(action: Promise<unknown>): Promise<SignLockError> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(SignLockError);
  return error as SignLockError;
}

describe("sign lock", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "allot-sign-lock-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const onlyFile = async () => {
    const names = await readdir(join(directory, "statements"));
    expect(names).to.have.length(1);
    return join(directory, "statements", names[0] as string);
  };

  it("locks one commitment per slot and refuses another, also after it was opened again", async () => {
    const first = bidRecord({ salt: pad("0x01") });
    const second = bidRecord({ salt: pad("0x02") });
    let lock = await openFileSignLock({ directory });
    await lock.lockBid(first);
    await lock.lockBid(first);
    expect((await refusal(lock.lockBid(second))).code).to.equal("SIGN_LOCK_CONFLICT");
    await lock.close();

    lock = await openFileSignLock({ directory });
    const error = await refusal(lock.lockBid(second));
    expect(error.code).to.equal("SIGN_LOCK_CONFLICT");
    expect(error.facts).to.deep.include({ locked: first.bid.commitment, asked: second.bid.commitment });
    await lock.lockBid(first);
    expect(lock.findBid(bidSlotOf(first))).to.deep.equal(first);
    await lock.close();
  });

  it("keeps the opening, so that a restarted agent can still reveal", async () => {
    const record = bidRecord({ amount: 123_456_789n, salt: pad("0xdecaf") });
    const before = await openFileSignLock({ directory });
    await before.lockBid(record);
    await before.close();
    const after = await openFileSignLock({ directory });
    expect(after.records()).to.deep.equal([record]);
    await after.close();
  });

  it("locks one deliverable per job", async () => {
    const lock = await openFileSignLock({ directory });
    await lock.lockDelivery(deliveryRecord(pad("0x0a")));
    await lock.lockDelivery(deliveryRecord(pad("0x0b"), 4n));
    expect((await refusal(lock.lockDelivery(deliveryRecord(pad("0x0c"))))).code).to.equal("SIGN_LOCK_CONFLICT");
    expect(lock.findDelivery({ domain, agentId: 7n, jobId: 3n })).to.deep.equal(deliveryRecord(pad("0x0a")));
    await lock.close();
  });

  it("locks one level and one report per test run, also after it was opened again", async () => {
    const first = attestationRecord();
    let lock = await openFileSignLock({ directory });
    await lock.lockAttestation(first);
    await lock.lockAttestation(
      attestationRecord({ capability: first.claim.capability.toUpperCase().replace("X", "x") as never }),
    );
    await lock.close();

    lock = await openFileSignLock({ directory });
    const level = await refusal(lock.lockAttestation(attestationRecord({ level: 3 })));
    expect(level.code).to.equal("SIGN_LOCK_CONFLICT");
    expect(level.facts).to.deep.include({ agentId: 7n, testRun: runOf(0) });
    expect([level.facts.locked, level.facts.asked]).to.deep.equal([
      `level 2, report ${pad("0x0e")}`,
      `level 3, report ${pad("0x0e")}`,
    ]);
    const report = await refusal(lock.lockAttestation(attestationRecord({ report: pad("0x0f") })));
    expect(report.code).to.equal("SIGN_LOCK_CONFLICT");
    expect(lock.findAttestation(attestationSlotOf(first))).to.deep.equal(first);
    await lock.close();
  });

  it("keeps attesters, agents, capabilities, test runs and networks apart", async () => {
    const lock = await openFileSignLock({ directory });
    const other = { level: 3 };
    await lock.lockAttestation(attestationRecord());
    await lock.lockAttestation(attestationRecord({ ...other, agentId: 8n }));
    await lock.lockAttestation(attestationRecord({ ...other, capability: pad("0xcb") }));
    await lock.lockAttestation(attestationRecord({ ...other, testRun: runOf(1) }));
    await lock.lockAttestation({ ...attestationRecord(other), attester: pad("0x99", { size: 20 }) });
    await lock.lockAttestation({ ...attestationRecord(other), domain: { ...domain, salt: pad("0x99") } });
    expect(lock.records()).to.have.length(6);
    await lock.close();
  });

  it("keeps agents, tenders, contracts and networks apart", async () => {
    const lock = await openFileSignLock({ directory });
    const record = bidRecord({});
    const elsewhere = [
      bidRecord({ agentId: 8n, salt: pad("0x02") }),
      bidRecord({ tenderId: tenderOf(1), salt: pad("0x03") }),
      { ...bidRecord({ salt: pad("0x04") }), domain: { ...domain, salt: pad("0x99") } },
      { ...bidRecord({ salt: pad("0x05") }), domain: { ...domain, chainId: 1 } },
      { ...bidRecord({ salt: pad("0x06") }), domain: { ...domain, verifyingContract: pad("0x99", { size: 20 }) } },
    ];
    for (const other of [record, ...elsewhere]) await lock.lockBid(other);
    expect(lock.records()).to.have.length(6);
    await lock.close();
  });

  it("lets one of many concurrent statements for a slot through", async () => {
    const lock = await openFileSignLock({ directory });
    const rivals = Array.from({ length: 8 }, (_, index) => bidRecord({ salt: tenderOf(index) }));
    const outcomes = await Promise.allSettled(rivals.map((record) => lock.lockBid(record)));
    const winners = rivals.filter((_, index) => outcomes[index]?.status === "fulfilled");
    expect(winners).to.have.length(1);
    expect(lock.records()).to.deep.equal(winners);
    await lock.close();
  });

  it("signs nothing once it is closed", async () => {
    const lock = await openFileSignLock({ directory });
    await lock.close();
    expect((await refusal(lock.lockBid(bidRecord({})))).code).to.equal("SIGN_LOCK_CLOSED");
  });

  for (const record of [bidRecord({}), attestationRecord()]) {
    it(`refuses to open with any byte of a record changed (${record.kind}), and leaves the file as it is`, async () => {
      const lock = await openFileSignLock({ directory });
      await (record.kind === "bid" ? lock.lockBid(record) : lock.lockAttestation(record));
      await lock.close();
      await expectDamageNoticed(await onlyFile());
    });
  }

  async function expectDamageNoticed(file: string): Promise<void> {
    const sound = await readFile(file);
    for (let position = 0; position < sound.length; position += 7) {
      const damaged = Buffer.from(sound);
      damaged[position] = (damaged[position] as number) ^ 1;
      await writeFile(file, damaged);
      const error = await refusal(openFileSignLock({ directory }));
      expect(error.code, `byte ${position}`).to.equal("SIGN_LOCK_DAMAGED");
      expect(error.facts).to.deep.equal({ file });
      expect(await readFile(file)).to.deep.equal(damaged);
    }
    for (const text of ["", sound.subarray(0, 40), `${sound.toString()} `]) {
      await writeFile(file, text);
      expect((await refusal(openFileSignLock({ directory }))).code).to.equal("SIGN_LOCK_DAMAGED");
    }
    await writeFile(file, sound);
    await (await openFileSignLock({ directory })).close();
  }

  it("refuses a record under a name that is not its own", async () => {
    const lock = await openFileSignLock({ directory });
    await lock.lockBid(bidRecord({}));
    await lock.close();
    const file = await onlyFile();
    await writeFile(join(directory, "statements", `${pad("0x77")}.json`), await readFile(file));
    expect((await refusal(openFileSignLock({ directory }))).code).to.equal("SIGN_LOCK_DAMAGED");
  });

  it("says what is wrong with a directory it cannot use", async () => {
    const file = join(directory, "a-file");
    await writeFile(file, "");
    const error = await refusal(openFileSignLock({ directory: join(file, "below") }));
    expect(error.code).to.equal("SIGN_LOCK_UNUSABLE");
    expect(error.message)
      .to.match(/local file system/)
      .and.match(/ENOTDIR/);
  });

  it("signs nothing when the disk refuses, and holds to the lock afterwards", async () => {
    let full = false;
    const files: DurableFiles = {
      ...durableFiles,
      syncDirectory: (path) =>
        full
          ? Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }))
          : durableFiles.syncDirectory(path),
    };
    const lock = await openFileSignLock({ directory, files });
    full = true;
    expect((await refusal(lock.lockBid(bidRecord({})))).code).to.equal("SIGN_LOCK_UNUSABLE");
    full = false;
    // The first record got its name before the disk failed: it counts.
    const other = bidRecord({ salt: pad("0x02") });
    expect((await refusal(lock.lockBid(other))).code).to.equal("SIGN_LOCK_CONFLICT");
    await lock.lockBid(bidRecord({}));
    await lock.close();
  });

  it("syncs the content before the name and the name before it resolves", async () => {
    const trace: string[] = [];
    const traced = Object.fromEntries(
      Object.entries(durableFiles).map(([name, operation]) => [
        name,
        async (...args: never[]) => {
          const result = await (operation as (...args: never[]) => Promise<unknown>)(...args);
          trace.push(name);
          return result;
        },
      ]),
    ) as unknown as DurableFiles;
    const lock = await openFileSignLock({ directory, files: traced });
    trace.length = 0;
    await lock.lockBid(bidRecord({}));
    expect(trace).to.deep.equal(["writeNew", "link", "unlink", "syncDirectory", "read"]);
    await lock.close();
  });

  it("opens again after a stop between any two file operations, with the statement whole or absent", async () => {
    const first = bidRecord({ salt: pad("0x01") });
    const other = bidRecord({ salt: pad("0x02") });
    const outcomes = new Set<string>();
    for (let allowed = 0; allowed < 12; allowed++) {
      const place = join(directory, String(allowed));
      await stopAfter(place, allowed, (lock) => lock.lockBid(first));
      const lock = await openFileSignLock({ directory: place });
      if (lock.records().length === 0) {
        await lock.lockBid(other);
        expect(lock.records()).to.deep.equal([other]);
        outcomes.add("absent");
      } else {
        expect(lock.records()).to.deep.equal([first]);
        expect((await refusal(lock.lockBid(other))).code).to.equal("SIGN_LOCK_CONFLICT");
        outcomes.add("whole");
      }
      const names = await readdir(join(place, "statements"));
      expect(names).to.have.length(1);
      await lock.close();
    }
    expect([...outcomes].sort()).to.deep.equal(["absent", "whole"]);
  });

  it("refuses a second process while the first one lives, and lets it in when that was killed", async function () {
    this.timeout(60_000);
    const holder = spawnAgent(directory, 1_000_000);
    try {
      await firstLine(holder);
      const error = await refusal(openFileSignLock({ directory }));
      expect(error.code).to.equal("SIGN_LOCK_HELD");
      expect(error.facts).to.deep.include({ pid: holder.pid });
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "close");
    }
    await (await openFileSignLock({ directory })).close();
  });

  it("refuses to be opened twice in one process", async () => {
    const lock = await openFileSignLock({ directory });
    expect((await refusal(openFileSignLock({ directory }))).code).to.equal("SIGN_LOCK_HELD");
    await lock.close();
    await (await openFileSignLock({ directory })).close();
  });

  it("never says two things for one slot, however often its process is killed", async function () {
    this.timeout(60_000);
    const slots = 150;
    const said = new Map<string, string>();
    let kills = 0;
    for (let run = 0; run < 40; run++) {
      const agent = spawnAgent(directory, slots);
      let output = "";
      agent.stdout?.on("data", (chunk: Buffer) => {
        output += chunk;
      });
      // Killed at a moment that moves through its work from run to run.
      const wait = setInterval(() => {
        if (output.split("\n").length > said.size + 5 + ((run * 7) % 23)) agent.kill("SIGKILL");
      }, 1);
      await once(agent, "close");
      clearInterval(wait);
      const lines = output.split("\n");
      for (const line of lines.slice(0, -1)) {
        const [slot = "", commitment] = line.split(" ");
        if (commitment === undefined) continue;
        expect(said.get(slot) ?? commitment, `slot ${slot}, run ${run}`).to.equal(commitment);
        said.set(slot, commitment);
      }
      if (lines.includes("done")) break;
      kills++;
    }
    expect(kills, "kills").to.be.greaterThan(3);
    expect(said.size).to.equal(slots);
  });
});

function spawnAgent(directory: string, slots: number): ChildProcess {
  return spawn(process.execPath, [agentProgram, directory, String(slots)], { stdio: ["ignore", "pipe", "inherit"] });
}

async function firstLine(agent: ChildProcess): Promise<void> {
  await once(agent.stdout as NodeJS.ReadableStream, "data");
}

/** Runs `action` on a lock whose process stops for good after a number of file operations. */
async function stopAfter(
  directory: string,
  allowed: number,
  action: (lock: Awaited<ReturnType<typeof openFileSignLock>>) => Promise<void>,
): Promise<void> {
  let left = allowed;
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const files = Object.fromEntries(
    Object.entries(durableFiles).map(([name, operation]) => [
      name,
      (...args: never[]) => {
        if (left-- > 0) return (operation as (...args: never[]) => Promise<unknown>)(...args);
        stop();
        return new Promise(() => undefined);
      },
    ]),
  ) as unknown as DurableFiles;
  const run = openFileSignLock({ directory, files }).then(action);
  await Promise.race([run, stopped]);
}
