import { ClientError } from "../errors/clientError.ts";

/** The event that a successful call must have made. */
export function requireEvent<T>(events: readonly T[], name: string): T {
  const [event] = events;
  if (event !== undefined) return event;
  throw new ClientError(
    "EVENT_MISSING",
    "The call succeeded and made no such event: the address holds another contract. Check the client's contracts.",
    { facts: { event: name } },
  );
}
