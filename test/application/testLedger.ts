import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerApplication } from "../../node/application/ledger.ts";
import { peerPublicKey } from "../../node/crypto/peerKey.ts";
import type { ExecutionEngine } from "../../node/execution/engine.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { defaultExecution, localConsensus } from "../../node/genesis/parameters.ts";
import { type Address, Digest } from "../../node/types/brands.ts";
import type { Genesis, GenesisAccount } from "../../node/types/genesis.ts";
import { type Signer, signer } from "../mempool/signing.ts";
import { Sequencer } from "./sequencer.ts";

export const validator = signer(0);
/** Holders of a balance. */
export const holders: readonly Signer[] = [1, 2, 3, 4].map(signer);

export interface TestLedger {
  readonly genesis: Genesis;
  readonly engine: ExecutionEngine;
  readonly application: LedgerApplication;
  readonly sequencer: Sequencer;
  /** Closes the ledger and opens it again on what it left on disk. */
  reopen(): Promise<TestLedger>;
  close(): Promise<void>;
}

export function testGenesis(changes: Partial<Genesis> = {}): Genesis {
  const rich: GenesisAccount = { balance: "0x3635c9adc5dea00000" };
  return {
    version: 1,
    chainId: 31_107,
    networkId: Digest(`0x${"17".repeat(32)}`),
    timestampMs: 1_790_000_000_000,
    validators: [
      {
        name: "one",
        address: validator.address,
        peerKey: peerPublicKey(validator.key),
        addresses: [],
        organisation: 1,
      },
    ],
    consensus: localConsensus,
    execution: defaultExecution,
    contracts: {},
    alloc: Object.fromEntries(holders.map(({ address }) => [address, rich])) as Record<Address, GenesisAccount>,
    ...changes,
  };
}

/** A ledger on the real engine, on disk in a folder that `close` removes. */
export async function openTestLedger(genesis: Genesis = testGenesis()): Promise<TestLedger> {
  return openIn(await mkdtemp(join(tmpdir(), "allot-ledger-")), genesis);
}

async function openIn(folder: string, genesis: Genesis): Promise<TestLedger> {
  const engine = await openEngine("ethereumjs", { genesis, folder, historyBlocks: 64 });
  const application = new LedgerApplication(genesis, engine);
  return {
    genesis,
    engine,
    application,
    sequencer: new Sequencer(genesis, application, validator),
    async reopen() {
      await application.close();
      return openIn(folder, genesis);
    },
    async close() {
      await application.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
