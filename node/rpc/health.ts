import { quorumOf } from "../types/quorum.ts";
import type { PeerStatus, RpcBackend } from "./backend.ts";

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
  const { phase, highestFinalized, role } = backend.consensus();
  const members = new Set(backend.validators()?.validators.map(({ address }) => address));
  const isMember = ({ address }: PeerStatus): boolean => address !== undefined && members.has(address);
  const connected = backend.peers().filter((peer) => peer.connected && isMember(peer)).length;
  const reachable = connected + (role === "validator" ? 1 : 0);
  const quorum = quorumOf(members.size);
  const height = backend.engine.chain.height;
  const ok = phase === "running" && reachable >= quorum && highestFinalized - height <= readyLagHeightsMax;
  return { ok, phase, height, highestFinalized, reachable, quorum };
}
