import type { Address } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import { ClientError } from "../../errors/clientError.ts";
import { readSeat, type ValidatorSeat } from "./validatorSeat.ts";

export interface GetValidatorSeatParameters {
  /** Address of the validator key. */
  readonly validator: Address;
}

/**
 * A validator's seat: who acts for it, its stake, and the epochs in whose sets it is. Throws `ClientError` (`NOT_FOUND`)
 * for an account that the operators never admitted.
 * @example
 * ```ts
 * const { owner, status, bonded } = await getValidatorSeat(client, { validator });
 * ```
 */
export async function getValidatorSeat(
  client: AllotCore,
  { validator }: GetValidatorSeatParameters,
): Promise<ValidatorSeat> {
  const seat = await readSeat(client, validator);
  if (seat !== undefined) return seat;
  throw new ClientError(
    "NOT_FOUND",
    "The account is no validator: the operators never admitted it. It takes the address of a validator key, not its owner's.",
    { facts: { validator } },
  );
}
