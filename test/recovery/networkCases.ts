// What can happen between real validators: proxies delay, throttle and cut real connections, and releases that speak
// different versions of the wire meet.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { Random } from "../simulation/random.ts";
import type { RecoveryCase } from "./recoveryCase.ts";
import { heightOf, type RecoveryRun, until } from "./recoveryRun.ts";

const seed = 3;

function networkCase(name: string, run: (run: RecoveryRun) => Promise<void>): RecoveryCase {
  return {
    name,
    async run(on) {
      await run(on);
      on.network.set(() => undefined);
      await on.resumes();
    },
  };
}

/** What a validator speaks from its next start on; undefined for whatever its release speaks. */
function limitVersion({ directory }: DevnetValidator, wireVersionMax: number | undefined): void {
  const file = join(directory, "config.json");
  const config = { ...(JSON.parse(readFileSync(file, "utf8")) as object), wireVersionMax };
  writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`);
}

/** What a validator speaks with each of the others, as its metrics say. */
async function spokenBy(validator: DevnetValidator): Promise<readonly number[]> {
  const text = await (await fetch(new URL("/metrics", validator.rpcUrl()))).text();
  return [...text.matchAll(/^allot_p2p_wire_version\{[^}]*\} (\d+)$/gm)].map(([, version]) => Number(version));
}

/** One validator after the other is stopped and started again with another version; the others go on meanwhile. */
async function roll(run: RecoveryRun, wireVersionMax: number | undefined): Promise<void> {
  for (const validator of run.validators) {
    await validator.stop();
    await run.progress();
    limitVersion(validator, wireVersionMax);
    await run.recover(validator, `a restart with version ${wireVersionMax ?? "2"} of the wire`);
    await run.progress();
  }
}

const rollingUpgrade: RecoveryCase = {
  name: "a rolling upgrade from version 1 of the wire to version 2",
  async run(run) {
    const speak = (version: number) =>
      until(`everybody speaks version ${version} with everybody`, async () => {
        const spoken = await Promise.all(run.validators.map(spokenBy));
        return spoken.every((versions) => versions.length === 3 && versions.every((one) => one === version));
      });
    await roll(run, 1);
    await speak(1);
    await roll(run, undefined);
    await speak(2);
  },
};

export const networkCases: readonly RecoveryCase[] = [
  networkCase("everything takes 40 ms longer each way", async (run) => {
    run.network.set(() => ({ delayMs: 40 }));
    await run.resumes();
  }),
  networkCase("one of them has 50 kB a second", async (run) => {
    run.network.set((from, to) => (from === 1 || to === 1 ? { bytesPerSecond: 50_000 } : undefined));
    await run.resumes();
  }),
  networkCase("connections break again and again, with whatever was under way", async (run) => {
    const random = new Random(seed);
    for (let breaks = 0; breaks < 20; breaks++) {
      run.network.disconnect(random.below(4));
      await delay(random.between(20, 200));
    }
  }),
  networkCase("one is cut off, and comes back", async (run) => {
    run.network.partition([0, 0, 0, 1]);
    const alone = run.validators[3] as DevnetValidator;
    const others = run.validators.slice(0, 3);
    await until("the others are far ahead", async () => {
      const reached = await Promise.all(others.map(heightOf));
      return Math.min(...reached) > (await heightOf(alone)) + 5;
    });
    run.network.partition([0, 0, 0, 0]);
    await run.catchesUp(alone, "being cut off", 0);
  }),
  networkCase("they are cut in halves: nothing is final meanwhile", async (run) => {
    run.network.partition([0, 0, 1, 1]);
    let [before, stableSince] = [await run.heights(), performance.now()];
    // What had a quorum when the links were cut may still be executed.
    await until("both halves stand", async () => {
      const now = await run.heights();
      if (now.join() !== before.join()) stableSince = performance.now();
      before = now;
      return performance.now() - stableSince > 3_000;
    });
    await delay(3_000);
    const after = await run.heights();
    if (after.join() !== before.join()) throw new Error(`half of them went on from ${before} to ${after}`);
  }),
  rollingUpgrade,
];
