// How reporting is wired into a node: what an earlier life kept, what comes to be known, and when there is nothing to do.
import { expect } from "chai";
import { Registry } from "prom-client";
import { type Log, silentLog } from "../../node/log.ts";
import { startReporting } from "../../node/reporting/startReporting.ts";
import { EvidenceStore } from "../../node/storage/evidenceStore.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import { MemoryTables } from "../simulation/memoryTables.ts";
import { Random } from "../simulation/random.ts";
import { ReportingLedger, reportingGenesis, validatorKeyAt } from "./reportingLedger.ts";

const offender = 3;

describe("reporting in a node", function () {
  this.timeout(60_000);
  let ledger: ReportingLedger;
  let said: string[];
  let evidence: EvidenceStore;
  let tables: MemoryTables;

  async function open(genesis: Genesis): Promise<void> {
    ledger = await ReportingLedger.open(genesis);
    await ledger.block();
    tables = new MemoryTables(new Random(1));
    evidence = new EvidenceStore(tables);
  }
  afterEach(() => ledger.close());

  function start() {
    said = [];
    const say = (_facts: unknown, sentence: string) => void said.push(sentence);
    const log: Log = { ...silentLog, info: say, warn: say, error: say };
    const metrics = new Registry();
    const { genesis, engine, application } = ledger;
    const validatorsOf = () => genesis.validators.map(({ address }) => address);
    const node = {
      genesis,
      validatorKey: validatorKeyAt(0),
      engine,
      application,
      evidence,
      validatorsOf,
      metrics,
      log,
    };
    return { metrics, reporting: startReporting({ ...node, isCurrent: () => true, crash: undefined }) };
  }

  it("takes up what an earlier life kept", async () => {
    await open(await reportingGenesis());
    evidence.put(ledger.contradiction(offender));
    await tables.flushed();
    evidence = new EvidenceStore(tables);
    const { reporting } = start();
    await ledger.until("its commitment waits", () => ledger.waiting === 1);
    await reporting.stop();
  });

  it("takes up what comes to be known, shows it, and counts what it sent", async () => {
    await open(await reportingGenesis());
    const { metrics, reporting } = start();
    evidence.put(ledger.contradiction(offender));
    await ledger.until("its commitment waits", () => ledger.waiting === 1);
    expect(await metrics.metrics()).to.include("\nallot_evidence_open 1\n");
    await ledger.block();
    await ledger.until("it shows the evidence", () => ledger.waiting === 1);
    await ledger.block();
    await ledger.until("nothing is left to do", () => said.includes("a validator has been punished for this evidence"));
    expect(await ledger.standing(offender)).to.deep.equal([0n, true]);
    const counted = await metrics.metrics();
    expect(counted).to.include('allot_evidence_submitted_total{act="commit",outcome="executed"} 1');
    expect(counted).to.include('allot_evidence_submitted_total{act="show",outcome="executed"} 1');
    expect(counted).to.include('allot_evidence_closed_total{outcome="punished"} 1');
    expect(counted).to.include("\nallot_evidence_open 0\n");
    await reporting.stop();
  });

  it("says at the start when its reporter is no member", async () => {
    await open(await reportingGenesis(undefined, false));
    await start().reporting.stop();
    expect(said.join()).to.match(/^the reporter account 0x[0-9a-f]{40} belongs to no organisation/);
    await ledger.close();
    await open(await reportingGenesis());
    await start().reporting.stop();
    expect(said).to.deep.equal([]);
  });

  it("does nothing on a network without the rules", async () => {
    const { contracts: _, ...genesis } = await reportingGenesis();
    await open({ ...genesis, contracts: {} });
    const { reporting } = start();
    evidence.put(ledger.contradiction(offender));
    for (let i = 0; i < 3; i++) await ledger.block();
    expect([ledger.waiting, said]).to.deep.equal([0, []]);
    await reporting.stop();
  });
});
