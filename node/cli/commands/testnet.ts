import type { Command } from "commander";
import { validatorCountMax } from "../../config/limits.ts";
import { AllotError } from "../../types/errors.ts";
import { integerFlag, listFlag } from "../flags.ts";
import { addNetworkFlags, type NetworkFlags } from "../networkFlags.ts";
import { notice, type OutputOptions, print, table } from "../output.ts";

interface TestnetFlags extends NetworkFlags, OutputOptions {
  readonly validators?: number;
  readonly hosts?: readonly string[];
  readonly output: string;
  readonly p2pPort: number;
  readonly rpcPort: number;
  readonly passphraseFile?: string;
}

function countOf({ validators, hosts }: TestnetFlags): number {
  if (hosts !== undefined && validators !== undefined && hosts.length !== validators) {
    const facts = { hosts: hosts.length, validators };
    throw new AllotError(
      "HOSTS_MISMATCH",
      facts,
      `--hosts names ${hosts.length} machines for ${validators} validators: give one for each`,
    );
  }
  return validators ?? hosts?.length ?? 4;
}

async function run(flags: TestnetFlags): Promise<void> {
  const count = countOf(flags);
  const { createTestnet, hostSeats, localSeats } = await import("../testnet.ts");
  const { networkOf } = await import("../newNetworkFlags.ts");
  const { readPassphrase } = await import("../loadNode.ts");
  const { p2pPort, rpcPort, hosts, output } = flags;
  const from = (first: number) => Array.from({ length: count }, (_, i) => first + i);
  const seats = hosts === undefined ? localSeats(from(p2pPort), from(rpcPort)) : hostSeats(hosts, p2pPort, rpcPort);
  const pace = hosts === undefined ? "local" : "wide-area";
  const passphrase = readPassphrase(flags.passphraseFile);
  if (flags.bare !== true) notice(flags, "Executing the rules for genesis.json ...");
  const { genesis, validators } = await createTestnet(
    output,
    seats,
    (entries) => networkOf(flags, entries, pace),
    passphrase,
  );
  const result = {
    chainId: genesis.chainId,
    networkId: genesis.networkId,
    contracts: genesis.contracts,
    validators: validators.map(({ directory, entry }) => ({ directory, ...entry })),
  };
  print(flags, result, () => {
    const rows = result.validators.map((one) => [one.directory, one.address, one.addresses.join(" ")]);
    const next =
      hosts === undefined
        ? "Start each with"
        : "Carry each folder to its machine, over a safe channel: it holds private keys. Start it there with";
    return `chain id ${genesis.chainId}, network ${genesis.networkId}\n\n${table([["folder", "validator", "address"], ...rows])}\n\n${next}\n  allot start --dir <folder>`;
  });
  if (count < 4) notice(flags, `With ${count} validators none may fail; four tolerate one.`);
}

export function addTestnet(program: Command): void {
  const command = program
    .command("testnet")
    .description("make the folders of a new network: keys, configuration and genesis.json for N validators")
    .option(
      "--validators <count>",
      "how many (default: 4, or as many as --hosts)",
      integerFlag("--validators", 1, validatorCountMax),
    )
    .option(
      "--hosts <host,...>",
      "IP addresses or names of the machines, one per validator (default: this machine, distinct ports)",
      listFlag,
    )
    .requiredOption("--output <folder>", "folder to make them in; must be empty or not exist")
    .option("--p2p-port <port>", "first port between validators", integerFlag("--p2p-port", 1, 65_535), 26_656)
    .option("--rpc-port <port>", "first port of JSON-RPC", integerFlag("--rpc-port", 1, 65_535), 8545)
    .option("--passphrase-file <file>", "encrypt the keys with this file's first line");
  addNetworkFlags(command)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  allot testnet --validators 4 --output network                  all on this machine
  allot testnet --hosts 10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4 --output network
  allot testnet --validators 4 --output plain --bare --chain-id 4242

Whoever runs this sees every key. Organisations that do not trust each other make their own keys with "allot init
--entry-only", exchange the validator.json files, and agree on one genesis.json by "allot genesis create".`,
    )
    .action(run);
}
