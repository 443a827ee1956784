import { pino } from "pino";
import { Registry } from "prom-client";
import type { ConsensusStatus, PeerStatus, RpcBackend } from "../../node/rpc/backend.ts";
import { type RpcServer, startRpc } from "../../node/rpc/server.ts";
import { Epoch, View } from "../../node/types/brands.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import { openTestLedger, type TestLedger, testGenesis, validator } from "../application/testLedger.ts";

export interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface TestNode {
  readonly ledger: TestLedger;
  readonly backend: RpcBackend;
  readonly server: RpcServer;
  readonly url: string;
  readonly wsUrl: string;
  /** What the node says of itself; a test may change it. */
  readonly status: {
    phase: ConsensusStatus["phase"];
    peers: readonly PeerStatus[];
    evidence: readonly Evidence[];
  };
  /** One call by HTTP. */
  call(method: string, ...parameters: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

/** JSON-RPC over a real ledger that orders by itself whatever it is sent. */
export async function startTestNode(genesis: Genesis = testGenesis()): Promise<TestNode> {
  const ledger = await openTestLedger(genesis);
  const { application, engine, sequencer } = ledger;
  const status: TestNode["status"] = { phase: "running", peers: [], evidence: [] };
  const backend: RpcBackend = {
    version: "0.1.0",
    genesis,
    engine,
    application,
    mempool: application.mempool,
    metrics: new Registry(),
    consensus: () => ({
      phase: status.phase,
      reason: undefined,
      epoch: Epoch(0),
      view: View(application.info().height + 1),
      highestFinalized: application.info().height,
      role: "validator",
      validatorAddress: validator.address,
    }),
    epochCertificate: () => undefined,
    validators: (epoch = Epoch(0)) => (epoch === 0 ? { epoch: Epoch(0), validators: genesis.validators } : undefined),
    finalizationOf: async (height) => {
      const block = sequencer.blockAt(height);
      return block && { headers: [block.header], finalization: block.finalization };
    },
    evidence: () => status.evidence,
    peers: () => status.peers,
    onCommitted: (listener) => application.onCommitted(listener),
  };
  const stopOrdering = sequencer.start();
  const server = await startRpc(backend, { host: "127.0.0.1", port: 0, log: pino({ level: "error" }) });
  return {
    ledger,
    backend,
    server,
    url: server.url,
    wsUrl: server.url.replace("http", "ws"),
    status,
    async call(method, ...params) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      return (await post(server.url, body)).json;
    },
    async close() {
      stopOrdering();
      await sequencer.idle();
      await server.close();
      await ledger.close();
    },
  };
}

/** Sends a body as it is. */
export async function post(url: string, body: string, type = "application/json") {
  const response = await fetch(url, { method: "POST", headers: { "content-type": type }, body });
  const text = await response.text();
  return { status: response.status, json: (text === "" ? undefined : JSON.parse(text)) as Answer };
}
