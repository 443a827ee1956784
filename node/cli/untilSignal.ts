import { exitCodes } from "./exit.ts";

/** Resolves at Ctrl-C or SIGTERM. A second one leaves at once: the validators then stop by themselves. */
export function untilSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (): void => {
      if (asked) process.exit(exitCodes.failed);
      asked = true;
      resolve(undefined);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
