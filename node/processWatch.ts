// Exceptions that nobody caught. One of ours is a defect: the node stops loudly. One that comes out of the network
// library was provoked by a peer's bytes or a socket's death: it is logged and counted as nothing more, for nothing
// from a peer may stop the node.
import type { Log } from "./log.ts";

const networkLibrary =
  /node_modules\/(@libp2p|libp2p|@chainsafe\/libp2p-yamux|@multiformats|it-[a-z-]+|p-event|abort-error|race-event|race-signal)\//;

/** Does the innermost frame outside Node's own code belong to the network library? */
function isFromNetworkLibrary(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const frame = error.stack?.split("\n").find((line) => /^\s+at /.test(line) && !line.includes("node:"));
  return frame === undefined ? ["AbortError", "StreamResetError"].includes(error.name) : networkLibrary.test(frame);
}

/** @returns ends the watch */
export function watchProcess(log: Log, fail: (code: string, reason: string, cause: unknown) => void): () => void {
  const onError = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    if (isFromNetworkLibrary(error)) log.warn({ reason, stack }, "the network library failed; its connection is lost");
    else {
      log.error({ stack }, "an exception that nobody caught");
      fail("UNCAUGHT", reason, error);
    }
  };
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
  return () => {
    process.off("uncaughtException", onError);
    process.off("unhandledRejection", onError);
  };
}
