// Transactions that other validators pass on. An honest one passes on only what it admitted itself, so one that is
// invalid whatever the state is its fault; what depends on the state may look different there and here.
import type { AdmissionResult, Application } from "./types/application.ts";
import type { PeerIndex } from "./types/brands.ts";

const dependsOnState: ReadonlySet<string> = new Set([
  "INSUFFICIENT_FUNDS",
  "MEMPOOL_FULL",
  "NONCE_TAKEN",
  "NONCE_TOO_HIGH",
  "NONCE_TOO_LOW",
  "SENDER_NOT_PERMITTED",
]);

const isPeersFault = (result: AdmissionResult): boolean => !result.admitted && !dependsOnState.has(result.error.code);

/** Offers them to the application; one report at most for each batch. */
export function admitFromPeer(
  application: Pick<Application, "checkTransaction">,
  from: PeerIndex,
  transactions: readonly Uint8Array[],
  reportFault: (peer: PeerIndex, code: string) => void,
): void {
  const results = transactions.map((transaction) => application.checkTransaction(transaction, "peer"));
  const fault = results.find(isPeersFault);
  if (fault?.admitted === false) reportFault(from, fault.error.code);
}
