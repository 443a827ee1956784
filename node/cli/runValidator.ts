// One validator in the foreground: the process of `allot start`, and each process of `allot devnet`.
import { exitCodes } from "./exit.ts";
import { loadNode, type NodeFlags } from "./loadNode.ts";
import { facts } from "./output.ts";
import type { ReadyMessage } from "./validatorProcess.ts";

/**
 * Runs until Ctrl-C, SIGTERM, or the end of the parent that started this process with a channel.
 * @returns the exit code
 */
export async function runValidator(directory: string, flags: NodeFlags): Promise<number> {
  const options = loadNode(directory, flags, process.env);
  // The node's libraries take half a second to load: a mistake in a file or flag is told before.
  const { startNode } = await import("../main.ts");
  const node = await startNode(options);
  const stop = (): void => void node.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (process.send !== undefined) {
    process.once("disconnect", stop);
    process.send({
      kind: "ready",
      address: node.address,
      rpcUrl: node.rpcUrl,
      multiaddrs: node.multiaddrs,
    } satisfies ReadyMessage);
  } else if (options.log.format === "pretty") {
    const summary = {
      validator: node.address,
      "JSON-RPC": node.rpcUrl ?? "off",
      "listens on": node.multiaddrs.join(" "),
    };
    process.stderr.write(`${facts(summary)}\nCtrl-C stops it.\n`);
  }
  const { reason } = await node.stopped;
  // A channel that stays open would keep the process alive.
  if (process.connected) process.disconnect();
  if (reason === undefined) return exitCodes.done;
  process.stderr.write(`allot: the validator stopped: ${reason}\n`);
  return exitCodes.failed;
}
