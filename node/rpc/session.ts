import type { Hex } from "../types/brands.ts";

/** One WebSocket connection, as subscriptions see it. */
export interface Session {
  /** Subscriptions it holds. */
  readonly subscriptions: Set<Hex>;
  /** Queues a text for sending; ends the connection when its reader is too far behind. */
  send(text: string): void;
}
