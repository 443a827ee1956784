// One validator is killed in the middle of the market, as a crash would, and started again.
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { rpc } from "./follow.ts";
import { pause } from "./pause.ts";
import { withoutSupervision } from "./supervise.ts";

export interface Outage {
  readonly height: number;
  /** From the start of the process to the height the others had then. */
  readonly recoveryMs: number;
}

const pollMs = 50;

const heightOf = async (url: string): Promise<number> => Number(await rpc<string>(url, "eth_blockNumber", []));

/**
 * Kills `victim`, keeps it down for `downMs`, leaves its restart to the supervision, and waits until it is in step.
 * Never takes down a second one: it waits for the others before, and ends early when one of them goes.
 */
export async function takeDown(
  victim: DevnetValidator,
  validators: readonly DevnetValidator[],
  downMs: number,
  say: (text: string) => void,
): Promise<Outage> {
  const others = validators.filter((one) => one !== victim);
  const othersRun = (): boolean => others.every((one) => one.running());
  while (!validators.every((one) => one.running())) await pause(pollMs);
  const at = await heightOf(victim.rpcUrl()).catch(() => 0);
  await withoutSupervision(victim, async () => {
    await victim.kill();
    say(`${victim.name} was killed with SIGKILL at height ${at}; the others go on`);
    const until = performance.now() + downMs;
    while (performance.now() < until && othersRun()) await pause(pollMs);
  });
  const heights = await Promise.all(others.map((one) => heightOf(one.rpcUrl()).catch(() => at)));
  const target = Math.max(...heights);
  const started = performance.now();
  while ((await heightOf(victim.rpcUrl()).catch(() => -1)) < target) await pause(pollMs);
  const recoveryMs = performance.now() - started;
  say(`${victim.name} has caught up ${target - at} blocks, ${(recoveryMs / 1_000).toFixed(1)} s after its restart`);
  return { height: target, recoveryMs };
}
