import { ClientError } from "../errors/clientError.ts";
import { nodeAnswerOf } from "./nodeAnswer.ts";
import { sleep } from "./sleep.ts";

const retryMs = 200;

/** Asks until a node answers or time is over; an answer that is an error is thrown at once. */
export async function reachNode<T>(giveUpAtMs: number, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (nodeAnswerOf(error) !== "unreachable") throw error;
      if (Date.now() >= giveUpAtMs) throw unreachable(error);
      await sleep(retryMs);
    }
  }
}

export function unreachable(cause: unknown): ClientError {
  return new ClientError(
    "NODE_UNREACHABLE",
    "No node answers. Check the address, or give the client several nodes with viem's fallback transport.",
    { cause },
  );
}
