import { setImmediate } from "node:timers/promises";
import type { CallRequest, CallResult } from "./engine.ts";

/**
 * The result of a call with the least gas limit that lets it succeed as its `gasUsed`, by binary search; the failure
 * itself when the call fails with all the gas it was offered.
 */
export async function leastGas(
  request: CallRequest,
  run: (request: CallRequest) => Promise<CallResult>,
): Promise<CallResult> {
  const first = await run(request);
  if (!first.success) return first;
  // Gas needed can exceed gas used: refunds come at the end, and calls keep a 64th back.
  let tooLow = first.gasUsed - 1;
  let enough = request.gasLimit;
  let probe = Math.min(enough - 1, first.gasUsed);
  while (tooLow + 1 < enough) {
    // Each probe may take as long as the whole call did: everything else gets its turn between them.
    await setImmediate();
    const { success } = await run({ ...request, gasLimit: probe });
    if (success) enough = probe;
    else tooLow = probe;
    const middle = Math.floor((tooLow + enough) / 2);
    probe = enough === request.gasLimit ? Math.min(middle, Math.ceil((tooLow * 64) / 63) + 2_300) : middle;
  }
  return { ...first, gasUsed: enough };
}
