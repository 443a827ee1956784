import { quorumOf } from "../types/quorum.ts";
import type { RpcBackend } from "./backend.ts";

export interface HealthReport {
  readonly ok: boolean;
  readonly [fact: string]: unknown;
}

/** Heights that a node may be behind and still be called ready. */
const readyLagHeightsMax = 4;

/** Is this process alive and doing its work? A supervisor restarts it when not. */
export function health(backend: RpcBackend): HealthReport {
  const { phase, reason } = backend.consensus();
  return { ok: phase !== "stopped", phase, ...(reason === undefined ? {} : { reason }) };
}

/** Should requests be sent here? Not while it catches up or cannot reach a quorum. */
export function readiness(backend: RpcBackend): HealthReport {
  const { phase, highestFinalized } = backend.consensus();
  const peers = backend.peers();
  const reachable = peers.filter((peer) => peer.connected).length + 1;
  const quorum = quorumOf(peers.length + 1);
  const height = backend.engine.chain.height;
  const ok = phase === "running" && reachable >= quorum && highestFinalized - height <= readyLagHeightsMax;
  return { ok, phase, height, highestFinalized, reachable, quorum };
}
