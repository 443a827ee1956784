import { type Address, isAddressEqual } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { readSeat, registryOf, type ValidatorSeat } from "./validatorSeat.ts";

export interface GetValidatorSeatsParameters {
  /** Only this epoch's set, in ascending order of address; of one to come, as far as it is known. */
  readonly epoch?: number;
}

/**
 * Every validator that was ever admitted, with those that the network began with first, or one epoch's set. It is what the
 * rules say; `getValidators` is what a node does.
 * @example
 * ```ts
 * const seats = await getValidatorSeats(client);
 * const active = await getValidatorSeats(client, { epoch: 0 });
 * ```
 */
export async function getValidatorSeats(
  client: AllotCore,
  { epoch }: GetValidatorSeatsParameters = {},
): Promise<readonly ValidatorSeat[]> {
  const registry = registryOf(client);
  const set = await callRules(
    readContract(client, { ...registry, functionName: "validatorSet", args: [BigInt(epoch ?? 0)] }),
  );
  const accounts = epoch === undefined ? [...set, ...(await admitted(client))] : set;
  const distinct = accounts.filter((one, index) => accounts.findIndex((other) => isAddressEqual(one, other)) === index);
  const seats = await Promise.all(distinct.map((validator) => readSeat(client, validator)));
  return seats.flatMap((seat) => (seat === undefined ? [] : [seat]));
}

async function admitted(client: AllotCore): Promise<readonly Address[]> {
  const events = await inStretches(client, 0n, (stretch) =>
    getContractEvents(client, { ...registryOf(client), eventName: "ValidatorAdded", strict: true, ...stretch }),
  );
  return events.map(({ args }) => args.account);
}
