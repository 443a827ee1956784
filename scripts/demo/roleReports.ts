// What participants' processes report beyond what the chain's events tell: transactions that the rules refused, and by
// what evidence the watchdog had an agent punished. What can be asked of the chain is asked of it.
import type { Hex } from "viem";
import { rpc } from "./follow.ts";
import type { EvidenceKind, RoleMessage } from "./roleConfig.ts";

export interface Refusal {
  readonly name: string;
  readonly rule: string;
  readonly hash: Hex;
}

export interface RoleReports {
  readonly refusals: readonly Refusal[];
  /** By agent id. */
  readonly evidence: ReadonlyMap<bigint, EvidenceKind>;
  take(name: string, message: RoleMessage): void;
  /** Names of those who reported a refusal that is not in the chain as a failed transaction. */
  unfounded(url: string): Promise<readonly string[]>;
}

export function createRoleReports(): RoleReports {
  const refusals: Refusal[] = [];
  const evidence = new Map<bigint, EvidenceKind>();
  return {
    refusals,
    evidence,
    take(name, message) {
      if (message.kind === "refused") refusals.push({ name, rule: message.rule, hash: message.hash });
      if (message.kind === "convicted") evidence.set(BigInt(message.agentId), message.evidence);
    },
    async unfounded(url) {
      const names: string[] = [];
      for (const { name, hash } of refusals) {
        const receipt = await rpc<{ readonly status: Hex } | null>(url, "eth_getTransactionReceipt", [hash]);
        if (receipt?.status !== "0x0") names.push(name);
      }
      return names;
    },
  };
}
