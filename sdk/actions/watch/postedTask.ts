import { type Address, type Hex, isAddressEqual, type Log, parseEventLogs } from "viem";
import { taskMarketAbi } from "../../abis/taskMarket.ts";
import type { AllotCore } from "../../clients/context.ts";
import { type Mechanism, mechanisms } from "../tasks/mechanism.ts";

/** A task as it was posted. Amounts in units of 10⁻⁶ credit, times in seconds since 1970. */
export interface PostedTask {
  readonly taskId: bigint;
  readonly tenderId: Hex;
  readonly requester: Address;
  readonly evaluator: Address;
  /** Undefined when it is none that the client knows the address of. */
  readonly mechanism: Mechanism | undefined;
  readonly reserve: bigint;
  readonly units: number;
  readonly commitDeadline: bigint;
  readonly revealDeadline: bigint;
  readonly specification: Hex;
  readonly uri: string;
  readonly blockNumber: bigint;
}

/** The tasks whose posting is among some logs. */
export function postedTasksOf(client: AllotCore, logs: readonly Log[]): readonly PostedTask[] {
  const { rules } = client.allot;
  return parseEventLogs({ abi: taskMarketAbi, logs: [...logs], eventName: "TaskPosted" }).map(
    ({ args, blockNumber }) => ({
      ...args,
      mechanism: mechanisms.find((name) => isAddressEqual(rules[name], args.mechanism)),
      blockNumber,
    }),
  );
}
