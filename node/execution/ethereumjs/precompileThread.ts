// The thread of `Precompiles`: one call in, one result out.
import { parentPort, workerData } from "node:worker_threads";
import { inlinePrecompiles, type PrecompileCall } from "./precompiles.ts";

const { run } = inlinePrecompiles(workerData as number);
parentPort?.on("message", (call: PrecompileCall) => parentPort?.postMessage(run(call)));
