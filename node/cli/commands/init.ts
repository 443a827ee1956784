import { resolve } from "node:path";
import type { Command } from "commander";
import { listFlag } from "../flags.ts";
import { addNetworkFlags, type NetworkFlags } from "../networkFlags.ts";
import { facts, notice, type OutputOptions, print } from "../output.ts";

interface InitFlags extends NetworkFlags, OutputOptions {
  readonly dir: string;
  readonly name: string;
  readonly organisation?: string;
  readonly addresses: readonly string[];
  readonly entryOnly?: boolean;
  readonly passphraseFile?: string;
}

async function run(flags: InitFlags): Promise<void> {
  const { createSeat, joinNetwork } = await import("../seat.ts");
  const { readPassphrase } = await import("../loadNode.ts");
  const { checkValue } = await import("../../config/jsonFile.ts");
  const { multiaddrs } = await import("../../genesis/seatEntry.ts");
  const addresses = checkValue("--addresses", multiaddrs, flags.addresses);
  const organisation = flags.organisation ?? flags.name;
  const entry = createSeat(
    flags.dir,
    { name: flags.name, organisation, addresses, config: {} },
    readPassphrase(flags.passphraseFile),
  );
  const made = { directory: resolve(flags.dir), ...entry };
  if (flags.entryOnly === true) {
    print(flags, made, ({ addresses: reached, ...rest }) => facts({ ...rest, addresses: reached.join(" ") }));
    notice(
      flags,
      `Give ${flags.dir}/validator.json to whoever collects the entries; then: allot genesis install --dir ${flags.dir} genesis.json`,
    );
    return;
  }
  const { networkOf } = await import("../newNetworkFlags.ts");
  const { newGenesis } = await import("../../genesis/newNetwork.ts");
  if (flags.bare !== true) notice(flags, "Executing the rules for genesis.json ...");
  const genesis = await newGenesis(networkOf(flags, [entry], "local"));
  await joinNetwork(flags.dir, genesis, entry.address);
  const result = { ...made, chainId: genesis.chainId, networkId: genesis.networkId };
  print(flags, result, ({ addresses: reached, ...rest }) => facts({ ...rest, addresses: reached.join(" ") }));
  notice(flags, `A network of one validator. Start it with: allot start --dir ${flags.dir}`);
}

export function addInit(program: Command): void {
  const command = program
    .command("init")
    .description(
      "make one validator's folder: keys, configuration, and a new network of its own with a random networkId",
    )
    .requiredOption("--dir <folder>", "folder to make; must be empty or not exist")
    .option("--name <name>", "the validator's name", "validator-0")
    .option("--organisation <name>", "organisation that runs it (default: the validator's name)")
    .option("--addresses <multiaddr,...>", "where the other validators reach it", listFlag, [
      "/ip4/127.0.0.1/tcp/26656",
    ])
    .option("--entry-only", "make keys and public entry only, to take part in a network with others")
    .option("--passphrase-file <file>", "encrypt the keys with this file's first line");
  addNetworkFlags(command)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  allot init --dir solo && allot start --dir solo
  allot init --dir acme --name acme --addresses /dns4/allot.acme.example/tcp/26656 --entry-only`,
    )
    .action(run);
}
