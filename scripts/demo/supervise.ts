// Keeps the validators running: one that ends without being asked to, killed by whoever tries the network out, is
// started again, as a service manager would.
import type { Devnet, DevnetValidator } from "../../node/cli/devnet.ts";
import { pause } from "./pause.ts";

const pollMs = 100;
const attemptsMax = 3;

/** Validators that are down on purpose; nobody starts them but who took them down. */
const down = new WeakSet<DevnetValidator>();

/** Takes `validator` out of supervision while `work` runs. */
export async function withoutSupervision<T>(validator: DevnetValidator, work: () => Promise<T>): Promise<T> {
  down.add(validator);
  try {
    return await work();
  } finally {
    down.delete(validator);
  }
}

/** Supervises until the returned function is called; `fail` hears of a validator that does not come back. */
export function superviseValidators(
  devnet: Devnet,
  say: (text: string) => void,
  fail: (error: unknown) => void,
): () => Promise<void> {
  let ended = false;
  const restart = async (validator: DevnetValidator): Promise<void> => {
    say(`${validator.name} is down: starting it again`);
    for (let attempt = 1; ; attempt++) {
      try {
        await validator.start();
        say(`${validator.name} runs again`);
        return;
      } catch (error) {
        if (attempt === attemptsMax) return fail(error);
      }
    }
  };
  const watch = async (validator: DevnetValidator): Promise<void> => {
    while (!ended) {
      await pause(pollMs);
      if (!ended && !validator.running() && !down.has(validator)) await restart(validator);
    }
  };
  const watching = Promise.all(devnet.validators.map(watch));
  return async () => {
    ended = true;
    await watching;
  };
}
