// What the node is at this moment, read when /metrics is asked for.
import { Gauge, type Registry } from "prom-client";
import { silentValidators } from "./consensus/view.ts";
import { maySign } from "./consensus/voting.ts";
import type { Driver } from "./driver.ts";
import type { EvidenceStore } from "./storage/evidenceStore.ts";

export interface NodeGaugeSources {
  readonly driver: Pick<Driver, "state">;
  readonly network: { peers(): readonly { readonly connected: boolean; readonly incompatible: boolean }[] };
  readonly mempool: { readonly size: number; readonly executable: { readonly transactions: number } };
  readonly evidence: Pick<EvidenceStore, "offenders">;
  readonly highestFinalized: () => number;
}

export function nodeGauges(registry: Registry, sources: NodeGaugeSources): void {
  const { driver, network, mempool, evidence, highestFinalized } = sources;
  const gauges: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ["allot_consensus_height", "Height of the last committed block", () => driver.state.committed.height],
    ["allot_consensus_finalized_height", "Highest height known to be final, committed here or not", highestFinalized],
    ["allot_consensus_epoch", "Epoch that this node votes in", () => driver.state.config.epoch],
    ["allot_consensus_view", "View that this node is in", () => driver.state.current],
    ["allot_consensus_validators", "Validators of the epoch", () => driver.state.config.validators.length],
    [
      "allot_consensus_signing",
      "1 when this node may vote in the view it is in, 0 while what it signed before is in doubt",
      () => (maySign(driver, driver.state.current) ? 1 : 0),
    ],
    [
      "allot_consensus_missing_validators",
      "Validators of whom nothing was heard in the last views; an idle network has none",
      () => silentValidators(driver.state).size,
    ],
    [
      "allot_consensus_byzantine_validators",
      "Validators against whom this node holds evidence",
      () => evidence.offenders.size,
    ],
    ["allot_mempool_size", "Transactions waiting to be ordered", () => mempool.size],
    ["allot_mempool_executable", "Of these, those that could be ordered now", () => mempool.executable.transactions],
    [
      "allot_p2p_peers",
      "Validators this node is connected to",
      () => network.peers().filter((p) => p.connected).length,
    ],
    [
      "allot_p2p_incompatible_peers",
      "Validators that are there and speak no version of the wire that this node speaks",
      () => network.peers().filter((p) => p.incompatible).length,
    ],
  ];
  for (const [name, help, read] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}
