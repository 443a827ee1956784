import type { Command } from "commander";
import { addNodeOptions, nodeFlags } from "../flags.ts";

export function addStart(program: Command): void {
  const start = program
    .command("start")
    .description("run the validator of a folder that init or testnet made, until Ctrl-C")
    .requiredOption("--dir <folder>", "the validator's folder");
  addNodeOptions(start)
    .addHelpText(
      "after",
      `
A flag wins over its environment variable, that over config.json in the folder, that over the default.

Examples:
  allot start --dir network/validator-0
  allot start --dir network/validator-0 --rpc-host 0.0.0.0 --log-format json
  allot start --dir network/validator-0 --peer-addresses validator-2=/ip4/10.0.0.9/tcp/26656`,
    )
    .action(async (flags: { readonly dir: string }) => {
      const { runValidator } = await import("../runValidator.ts");
      process.exitCode = await runValidator(flags.dir, nodeFlags({ ...flags }));
    });
}
