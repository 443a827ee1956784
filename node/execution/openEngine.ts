import { unreachable } from "../types/errors.ts";
import type { EngineOptions, ExecutionEngine } from "./engine.ts";
import { EthereumjsEngine } from "./ethereumjs/ethereumjsEngine.ts";

/** Opens an execution engine in its folder; a new folder starts with genesis. */
export async function openEngine(name: ExecutionEngine["name"], options: EngineOptions): Promise<ExecutionEngine> {
  switch (name) {
    case "ethereumjs":
      return EthereumjsEngine.open(options);
    case "hardhat": {
      // Loaded on demand: it brings Hardhat's EVM along, which a production node does not need.
      const { HardhatEngine } = await import("./hardhat/hardhatEngine.ts");
      return HardhatEngine.open(options);
    }
    default:
      return unreachable(name);
  }
}
