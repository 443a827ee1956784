import type { Devnet } from "../../node/cli/devnet.ts";
import { AllotError } from "../../node/types/errors.ts";
import { rpc } from "./follow.ts";
import { pause } from "./pause.ts";

const pollMs = 50;

/** The highest block that every validator has, after the last transaction, and its state root on each of them. Waits
 * for those that are on their way back. */
export async function compareState(devnet: Devnet): Promise<{ height: number; roots: Record<string, string> }> {
  const heights = () =>
    Promise.all(devnet.validators.map(async (one) => Number(await rpc<string>(one.rpcUrl(), "eth_blockNumber", []))));
  let target = 0;
  for (;;) {
    try {
      const all = await heights();
      target ||= Math.max(...all);
      if (Math.min(...all) >= target) {
        const roots: Record<string, string> = {};
        for (const one of devnet.validators) {
          const tag = `0x${target.toString(16)}`;
          const block = await rpc<{ stateRoot: string }>(one.rpcUrl(), "eth_getBlockByNumber", [tag, false]);
          roots[one.name] = block.stateRoot;
        }
        return { height: target, roots };
      }
    } catch (error) {
      // Refused while a validator starts again; an answer that is an error is one.
      if (error instanceof AllotError) throw error;
    }
    await pause(pollMs);
  }
}
