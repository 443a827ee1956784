import { readContract } from "viem/actions";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { registryOf } from "./validatorSeat.ts";

export interface Epochs {
  /** The epoch of the newest block. */
  readonly current: number;
  /** The first epoch whose set a change now would change. */
  readonly nextChange: number;
  /** Blocks in an epoch; 0 for one that lasts for ever, after which changes are recorded for one that never begins. */
  readonly blocks: number;
  /** Most validators that are removed automatically from one epoch's set. */
  readonly evictionsMax: number;
  /** Least stake of a validator that joins, in units of 10⁻⁶ credit. */
  readonly minStake: bigint;
}

/**
 * Where the network stands in its epochs, and what joining the next one takes.
 * @example
 * ```ts
 * const { current, nextChange, minStake } = await getEpochs(client);
 * ```
 */
export async function getEpochs(client: AllotCore): Promise<Epochs> {
  const registry = registryOf(client);
  const [current, nextChange, blocks, evictionsMax, minStake] = await callRules(
    Promise.all([
      readContract(client, { ...registry, functionName: "currentEpoch" }),
      readContract(client, { ...registry, functionName: "changeEpoch" }),
      readContract(client, { ...registry, functionName: "epochLength" }),
      readContract(client, { ...registry, functionName: "evictionsMax" }),
      readContract(client, { ...registry, functionName: "minStake" }),
    ]),
  );
  const numbers = { current: Number(current), nextChange: Number(nextChange), blocks: Number(blocks) };
  return { ...numbers, evictionsMax: Number(evictionsMax), minStake };
}
