import type { Method } from "./method.ts";
import { allotMethods } from "./methods/allot.ts";
import { blockMethods } from "./methods/blocks.ts";
import { callMethods } from "./methods/calls.ts";
import { feeMethods } from "./methods/fees.ts";
import { logMethods } from "./methods/logs.ts";
import { networkMethods } from "./methods/network.ts";
import { stateMethods } from "./methods/state.ts";
import { transactionMethods } from "./methods/transactions.ts";

/** Everything that JSON-RPC serves. */
export const allMethods: readonly Method[] = [
  ...transactionMethods,
  ...blockMethods,
  ...stateMethods,
  ...callMethods,
  ...logMethods,
  ...feeMethods,
  ...networkMethods,
  ...allotMethods,
];
