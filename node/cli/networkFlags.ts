// Flags that describe a new network; init, testnet, devnet and genesis share them.
import type { Command } from "commander";
import { defaultChainId } from "../genesis/parameters.ts";
import type { RulesPace } from "../genesis/rulesParameters.ts";
import { choiceFlag, integerFlag } from "./flags.ts";

export interface NetworkFlags {
  readonly chainId: number;
  readonly networkId?: string;
  readonly pace?: "local" | "wide-area";
  readonly epochBlocks?: number;
  readonly rules: RulesPace;
  readonly bare?: boolean;
}

export function addNetworkFlags(command: Command, rules: RulesPace = "default"): Command {
  return command
    .option("--chain-id <number>", "EIP-155 chain id", integerFlag("--chain-id", 1, 0xffff_ffff), defaultChainId)
    .option("--network-id <hex>", "32 bytes that salt every signed statement (default: random)")
    .option(
      "--pace <name>",
      "timeouts: local (one machine) or wide-area (default: local without other hosts)",
      choiceFlag("--pace", ["local", "wide-area"]),
    )
    .option(
      "--rules <name>",
      "windows of the rules: default (days) or development (seconds)",
      choiceFlag("--rules", ["default", "development"]),
      rules,
    )
    .option(
      "--epoch-blocks <number>",
      "blocks after which the validator set may change, at least 3; 0: never (default: 100 local, 10000 wide-area)",
      integerFlag("--epoch-blocks", 0, 1_000_000_000),
    )
    .option("--bare", "leave the rules out: a plain EVM without a market, where everybody may send");
}
