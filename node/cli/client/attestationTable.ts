// Attestations of capabilities as they are shown, of an agent or by an attester.
import type { CapabilityAttestation } from "../../../sdk/index.ts";
import { time } from "./values.ts";

/** An attestation's standing in one word. */
function statusOf({ revokedAt, validUntil, standing, counts }: CapabilityAttestation): string {
  if (revokedAt !== undefined) return "revoked";
  if (counts) return "counts";
  if (standing) return "stands";
  return validUntil !== undefined && Number(validUntil) * 1000 <= Date.now() ? "expired" : "void";
}

export const attestationRow = (one: CapabilityAttestation) => ({
  agentId: one.agentId,
  capability: one.capability,
  level: one.level,
  attester: one.attester,
  status: statusOf(one),
  validUntil: one.validUntil === undefined ? "for ever" : time(one.validUntil),
  attestedAt: time(one.time),
  testRun: BigInt(one.testRun) === 0n ? undefined : one.testRun,
  report: BigInt(one.report) === 0n ? undefined : one.report,
  uid: one.uid,
});

export const attestationColumns = {
  agentId: "agent",
  capability: "capability",
  level: "level",
  status: "status",
  validUntil: "valid until",
  attester: "attester",
  uid: "uid",
} as const;
