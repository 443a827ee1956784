// What the network says when an operator has to do something.
import type { Log } from "../log.ts";
import { AllotError } from "../types/errors.ts";

export function listenFailed(listen: readonly string[], cause: unknown): AllotError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const text = `cannot listen on ${listen.join(", ")}: ${reason}; is the port in use, or the address not this machine's?`;
  return new AllotError("LISTEN_FAILED", { listen: listen.join(","), reason }, text, { cause });
}

/** @param spoken versions spoken here @param theirs what the peer has told of its own */
export function noCommonVersion(log: Log, peer: string, spoken: readonly number[], theirs: readonly number[]): void {
  const own = spoken.toSorted((a, b) => a - b);
  const its = theirs.length === 0 ? "none that is known here" : theirs.join(", ");
  const text = `validator ${peer} speaks no version of the protocol between validators that this one speaks (${own.join(", ")}; it: ${its}): upgrade whichever is behind, or raise its wireVersionMax`;
  log.warn({ peer, own, theirs }, text);
}
