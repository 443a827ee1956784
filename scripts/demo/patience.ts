import { RevertedError } from "../../sdk/index.ts";
import { pause } from "./pause.ts";

const pollMs = 250;
const attemptsMax = 80;

/** Reads what another validator has told of already: one that has just been started again may not know it yet. */
export async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof RevertedError) || attempt === attemptsMax) throw error;
      await pause(pollMs);
    }
  }
}
