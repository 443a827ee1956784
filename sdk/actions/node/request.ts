import type { AllotCore } from "../../clients/context.ts";

/** Methods that Allot's nodes have beside Ethereum's. */
export type AllotMethod =
  | "allot_getAssignmentCertificate"
  | "allot_getEpochCertificates"
  | "allot_getEvidence"
  | "allot_getFinalization"
  | "allot_getValidators"
  | "allot_nodeStatus";

/** Calls a method of Allot's own; viem's types know only Ethereum's. */
export function requestAllot<T>(client: AllotCore, method: AllotMethod, params: readonly unknown[]): Promise<T> {
  const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>;
  return request({ method, params }) as Promise<T>;
}
