import type { ConsensusHeader } from "../../../node/types/block.ts";
import type { Finalization } from "../../../node/types/certificate.ts";
import type { AllotCore } from "../../clients/context.ts";
import { requestAllot } from "./request.ts";

export interface FinalizedHeader {
  /**
   * Consensus headers in ascending order from the asked height to the one that `finalization` names: one, unless the
   * block became final through a descendant.
   */
  readonly headers: readonly ConsensusHeader[];
  readonly finalization: Finalization;
}

export interface GetFinalizationParameters {
  readonly height: bigint;
}

/**
 * The signatures that made a block final; undefined while it is not.
 * @example
 * ```ts
 * const final = await getFinalization(client, { height: 42n });
 * ```
 */
export async function getFinalization(
  client: AllotCore,
  { height }: GetFinalizationParameters,
): Promise<FinalizedHeader | undefined> {
  const found = await requestAllot<FinalizedHeader | null>(client, "allot_getFinalization", [Number(height)]);
  return found ?? undefined;
}
