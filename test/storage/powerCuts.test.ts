// The write-ahead log on a disk that loses power before any of its writes, also of a folder's entries.
import { expect } from "chai";
import { WriteAheadLog } from "../../node/storage/writeAheadLog.ts";
import { Random } from "../simulation/random.ts";
import { SimulatedFiles } from "../simulation/simulatedFiles.ts";

const folder = "/wal";

class PowerCut extends Error {}

/** One life: appends and compacts until the power is cut. Returns what it found and what it knew to be durable. */
async function writeUntilCut(files: SimulatedFiles, random: Random, life: number): Promise<[Set<string>, Set<string>]> {
  files.onChange = () => undefined;
  // A log that refuses to open would throw here.
  const { log, records } = WriteAheadLog.open(folder, files);
  const durable = new Set<string>();
  files.onChange = () => {
    if (random.chance(0.1)) throw new PowerCut();
  };
  try {
    for (let i = 0; ; i++) {
      const record = `record ${life}/${i}`;
      log.append(Buffer.from(record));
      await (random.chance(0.3) ? log.compact(() => true) : log.sync());
      durable.add(record);
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!(cause instanceof PowerCut)) throw error;
  }
  return [new Set(records.map((each) => Buffer.from(each).toString())), durable];
}

describe("power cuts", () => {
  it("lose no synced record and leave a log that opens, also in the middle of a compaction", async () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = new Random(seed);
      const files = new SimulatedFiles(random, 0);
      let known = new Set<string>();
      for (let life = 0; life < 6; life++) {
        const [found, durable] = await writeUntilCut(files, random, life);
        for (const record of known) expect(found.has(record), `${record}, seed ${seed}, life ${life}`).to.equal(true);
        known = new Set([...found, ...durable]);
        files.crash();
      }
    }
  });
});
