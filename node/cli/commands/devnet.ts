import type { Command } from "commander";
import { validatorCountMax } from "../../config/limits.ts";
import type { AllotError } from "../../types/errors.ts";
import type { Devnet } from "../devnet.ts";
import { choiceFlag, integerFlag } from "../flags.ts";
import { addNetworkFlags, type NetworkFlags } from "../networkFlags.ts";
import { notice, type OutputOptions, print, table } from "../output.ts";
import { untilSignal } from "../untilSignal.ts";

interface DevnetFlags extends NetworkFlags, OutputOptions {
  readonly validators: number;
  readonly dir: string;
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly engine: "ethereumjs" | "hardhat";
  readonly logLevel: string;
  readonly fresh?: boolean;
}

async function run(flags: DevnetFlags): Promise<void> {
  const { startDevnet } = await import("../devnet.ts");
  const { removeDevnet } = await import("../removeDevnet.ts");
  const { developmentAccountCount, developmentNetwork } = await import("../developmentNetwork.ts");
  const { developmentAccounts } = await import("../../genesis/developmentAccounts.ts");
  if (flags.fresh === true) removeDevnet(flags.dir);
  notice(flags, `Starting ${flags.validators} validators in ${flags.dir} ...`);
  let allEnded: (error: AllotError) => void = () => undefined;
  const end = new Promise<AllotError>((resolve) => {
    allEnded = resolve;
  });
  let running: Devnet | undefined;
  const devnet = await startDevnet({
    ...flags,
    directory: flags.dir,
    networkFor: (entries) => developmentNetwork(flags, entries),
    onValidatorEnd(error, { directory }) {
      // One that ends before all are ready makes the start fail, which is told by its error.
      if (running === undefined) return;
      notice(flags, `${error.message}. The others go on; start it again with: allot start --dir ${directory}`);
      if (!running.validators.some((one) => one.running())) allEnded(error);
    },
  });
  running = devnet;
  const signal = untilSignal();
  const accounts = developmentAccounts(developmentAccountCount);
  const { genesis, resumed, validators } = devnet;
  const result = {
    chainId: genesis.chainId,
    networkId: genesis.networkId,
    resumed,
    contracts: genesis.contracts,
    validators: validators.map((one) => ({
      name: one.name,
      pid: one.pid(),
      rpcUrl: one.rpcUrl(),
      directory: one.directory,
    })),
    accounts,
  };
  print(flags, result, () => {
    const nodes = table([
      ["validator", "JSON-RPC", "process", "log"],
      ...validators.map((one) => [one.name, one.rpcUrl(), String(one.pid()), one.logFile]),
    ]);
    const keys = table([
      ["account", "private key (known to everybody)"],
      ...accounts.slice(0, 10).map((one) => [one.address, one.privateKey]),
    ]);
    const from = resumed ? ", gone on with from before" : "";
    return `chain id ${genesis.chainId}, network ${genesis.networkId}${from}\n\n${nodes}\n\n${keys}`;
  });
  notice(flags, "\nCtrl-C stops all; the same command goes on later.");
  const failure = await Promise.race([signal, end]);
  notice(flags, "\nStopping ...");
  await devnet.stop();
  if (failure !== undefined) throw failure;
}

export function addDevnet(program: Command): void {
  const command = program
    .command("devnet")
    .description("run a development network on this machine: N validator processes and funded accounts, until Ctrl-C")
    .option(
      "--validators <count>",
      "how many; four tolerate one failure",
      integerFlag("--validators", 1, validatorCountMax),
      4,
    )
    .option("--dir <folder>", "the network's folder; gone on with when it holds one", ".allot/devnet")
    .option("--fresh", "remove the network in the folder first")
    .option(
      "--rpc-port <port>",
      "JSON-RPC port of the first validator, the others count up; 0: any free",
      integerFlag("--rpc-port", 0, 65_535),
      8545,
    )
    .option(
      "--p2p-port <port>",
      "first port between validators; 0: any free",
      integerFlag("--p2p-port", 0, 65_535),
      26_656,
    )
    .option(
      "--engine <name>",
      "EVM: ethereumjs or hardhat",
      choiceFlag("--engine", ["ethereumjs", "hardhat"]),
      "ethereumjs" as const,
    )
    .option(
      "--log-level <level>",
      "trace, debug, info, warn, error or silent",
      choiceFlag("--log-level", ["trace", "debug", "info", "warn", "error", "silent"]),
      "info" as const,
    );
  addNetworkFlags(command, "development")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  allot devnet
  allot devnet --validators 1 --engine hardhat --dir .allot/solo
  allot devnet --fresh --rpc-port 9545 --p2p-port 27656

The accounts are those of Hardhat's well-known phrase: fit for tests, never for anything of worth.`,
    )
    .action(run);
}
