import type { Address } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import type { AttestationEvidenceFile } from "../../evidence/evidenceFile.ts";
import { exportAttestationEvidence } from "../../evidence/exportEvidence.ts";
import { type CapabilityAttestation, getAttestations } from "../capabilities/getAttestations.ts";

export interface FindAttestationEvidenceParameters {
  /** Only this attester's; everybody's unless given. */
  readonly attester?: Address;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Attestations on chain, revoked or not, by which an attester says two different things of one test run: a file per test
 * run, for `submitEvidence`. What an attester signed and nobody sent is not on chain: whoever has it makes evidence of it
 * with `exportAttestationEvidence`.
 * @example
 * ```ts
 * const [evidence] = await findAttestationEvidence(client, { attester });
 * ```
 */
export async function findAttestationEvidence(
  client: AllotCore,
  parameters: FindAttestationEvidenceParameters = {},
): Promise<readonly AttestationEvidenceFile[]> {
  const made = await getAttestations(client, parameters);
  const network = { ...(await client.allot.network()), rules: client.allot.rules };
  const firsts = new Map<string, CapabilityAttestation>();
  const found = new Map<string, AttestationEvidenceFile>();
  for (const one of made) {
    if (BigInt(one.testRun) === 0n) continue;
    const key = `${one.attester}/${one.agentId}/${one.capability}/${one.testRun}`;
    const first = firsts.get(key) ?? one;
    firsts.set(key, first);
    const same = first.level === one.level && first.report === one.report;
    if (!same && !found.has(key)) found.set(key, exportAttestationEvidence(network, first, one));
  }
  return [...found.values()];
}
