import type { Command } from "commander";
import type { Genesis } from "../../types/genesis.ts";
import { addNetworkFlags, type NetworkFlags } from "../networkFlags.ts";
import { facts, notice, type OutputOptions, print, table } from "../output.ts";

interface CreateFlags extends NetworkFlags, OutputOptions {
  readonly output: string;
}

function describe(genesis: Genesis): string {
  const { chainId, networkId, timestampMs, validators, contracts, alloc } = genesis;
  const head = {
    "chain id": chainId,
    network: networkId,
    time: new Date(timestampMs).toISOString(),
    accounts: Object.keys(alloc).length,
  };
  const members = validators.map((one) => [one.name, String(one.organisation), one.address, one.addresses.join(" ")]);
  const rules = Object.entries(contracts).map(([name, address]) => [name, address]);
  const shownRules = rules.length === 0 ? "no rules: a bare network" : table([["contract", "address"], ...rules]);
  return `${facts(head)}\n\n${table([["validator", "organisation", "address", "reached at"], ...members])}\n\n${shownRules}`;
}

async function create(entryFiles: readonly string[], flags: CreateFlags): Promise<void> {
  const { readSeatEntry } = await import("../../genesis/seatEntry.ts");
  const { newGenesis } = await import("../../genesis/newNetwork.ts");
  const { networkOf } = await import("../newNetworkFlags.ts");
  const { refuseExisting, writeJson } = await import("../seat.ts");
  refuseExisting(flags.output);
  const genesis = await newGenesis(networkOf(flags, entryFiles.map(readSeatEntry), "wide-area"));
  writeJson(flags.output, genesis);
  print(flags, { file: flags.output, genesis }, () => describe(genesis));
  notice(
    flags,
    `\nWrote ${flags.output}. Everybody checks it with "allot genesis show" and installs it with "allot genesis install".`,
  );
}

export function addGenesis(program: Command): void {
  const genesis = program
    .command("genesis")
    .description("make, check and install a network's genesis.json")
    .addHelpText(
      "after",
      `
Examples:
  allot genesis create acme.json bolt.json cora.json dune.json --output genesis.json
  allot genesis show genesis.json
  allot genesis install genesis.json --dir acme`,
    );

  const creation = genesis
    .command("create")
    .description("make the genesis of a network from its validators' public entries (validator.json of each)")
    .argument("<entry...>", "files that allot init wrote, in the order that numbers the organisations")
    .requiredOption("--output <file>", "file to write");
  addNetworkFlags(creation).option("--json", "print JSON").action(create);

  genesis
    .command("show")
    .description("check a genesis file and show what it founds")
    .argument("<file>", "genesis.json")
    .option("--json", "print JSON")
    .action(async (file: string, options: OutputOptions) => {
      const { readGenesis } = await import("../../genesis/readGenesis.ts");
      print(options, readGenesis(file), describe);
    });

  genesis
    .command("install")
    .description("put a genesis file into the folder of one of its validators, or of one that is to join later")
    .argument("<file>", "genesis.json")
    .requiredOption("--dir <folder>", "folder that allot init --entry-only made")
    .option("--observer", "the network does not know the validator yet: it follows until it is admitted and joins")
    .action(async (file: string, flags: { readonly dir: string; readonly observer?: boolean }) => {
      const { installGenesis } = await import("../installGenesis.ts");
      const entry = await installGenesis(flags.dir, file, flags.observer);
      notice({}, `${flags.dir} is now ${entry.name} of this network. Start it with: allot start --dir ${flags.dir}`);
    });
}
