import type { RpcBackend } from "./backend.ts";
import type { CallSlots } from "./callSlots.ts";
import type { Filters } from "./filters.ts";
import type { ReceiptWaiters } from "./receiptWaiters.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What the methods work with: the running node, and what JSON-RPC itself keeps for its callers. */
export interface Node {
  readonly backend: RpcBackend;
  readonly filters: Filters;
  readonly subscriptions: Subscriptions;
  readonly receiptWaiters: ReceiptWaiters;
  readonly callSlots: CallSlots;
}
