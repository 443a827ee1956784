// A verb is a command that speaks to a network from outside, over JSON-RPC and through the SDK like any other client.
// Everything verbs have in common is here: their flags, how they reach a node and sign, how results are printed.
import { type Command, Option } from "commander";
import type { AllotClient, WriteResult } from "../../../sdk/index.ts";
import type { OutputOptions } from "../output.ts";
import { print } from "../output.ts";
import { progress, type Row, type Shown } from "./shown.ts";
import { urlsFlag } from "./values.ts";

export interface ClientFlags extends OutputOptions {
  readonly rpcUrl: readonly string[];
  /** On verbs that write. */
  readonly keyFile?: string;
  readonly passphraseFile?: string;
}

/** What a verb works with. */
export interface Call<F> {
  readonly client: AllotClient;
  readonly flags: F & ClientFlags;
  /** Awaits a transaction while telling what is being done. */
  send<R extends WriteResult>(doing: string, work: Promise<R>): Promise<R>;
}

export interface Verb<F, A extends readonly unknown[]> {
  /** "list", "show". */
  readonly name: string;
  readonly does: string;
  /** True when it sends a transaction, and so needs a key. */
  readonly writes?: boolean;
  /** Adds arguments and flags. */
  readonly takes?: (command: Command) => Command;
  readonly examples: readonly string[];
  /** Resolves to what is to be printed, or to nothing when it has printed by itself. */
  readonly run: (call: Call<F>, ...args: A) => Promise<Shown | undefined>;
}

const defaultRpcUrl = "http://127.0.0.1:8545";

function addClientFlags(command: Command, writes: boolean): void {
  command.addOption(
    new Option("--rpc-url <url,...>", "nodes to speak to; the first that is ready is asked")
      .env("ALLOT_RPC_URL")
      .argParser(urlsFlag("--rpc-url"))
      .default([defaultRpcUrl], defaultRpcUrl),
  );
  if (writes) {
    command
      .addOption(
        new Option("--key-file <file>", "private key that signs: hexadecimal digits or a Web3 keystore").env(
          "ALLOT_KEY_FILE",
        ),
      )
      .option("--passphrase-file <file>", "file whose first line opens an encrypted key");
  }
  command.option("--json", "print JSON");
}

const examplesText = (examples: readonly string[]): string =>
  `\nExample${examples.length === 1 ? "" : "s"}:\n${examples.map((one) => `  ${one}`).join("\n")}`;

/** Adds a verb to its group. */
export function addVerb<F, A extends readonly unknown[]>(group: Command, verb: Verb<F, A>): void {
  addOpeningVerb<F, A>(group, {
    ...verb,
    run: async ({ flags, open }, ...args) => {
      const send = <R>(doing: string, work: Promise<R>) => progress(flags, doing, work);
      return await verb.run({ client: await open(), flags, send }, ...args);
    },
  });
}

/** A verb that needs a node only under some of its flags, and opens the client itself where it does. */
export interface OpeningVerb<F, A extends readonly unknown[]> extends Omit<Verb<F, A>, "run"> {
  readonly run: (
    call: { readonly flags: F & ClientFlags; readonly open: () => Promise<AllotClient> },
    ...args: A
  ) => Promise<Shown | undefined>;
}

export function addOpeningVerb<F, A extends readonly unknown[]>(group: Command, verb: OpeningVerb<F, A>): void {
  const { name, does, writes = false, takes, examples, run } = verb;
  const command = group.command(name).description(does);
  takes?.(command);
  addClientFlags(command, writes);
  command.addHelpText("after", examplesText(examples)).action(async (...given: unknown[]) => {
    // Commander calls with the arguments, then the flags, then the command.
    const flags = given.at(-2) as F & ClientFlags;
    const args = given.slice(0, -2) as unknown as A;
    const { openClient, explained } = await import("./openClient.ts");
    try {
      const shown = await run({ flags, open: () => openClient(flags, writes) }, ...args);
      if (shown !== undefined) print(flags, shown.value, () => shown.text());
    } catch (error) {
      throw explained(error, flags.rpcUrl);
    }
  });
}

/** A verb that asks no node: it works on files alone. */
export interface OfflineVerb<F, A extends readonly unknown[]>
  extends Pick<Verb<F, A>, "name" | "does" | "takes" | "examples"> {
  readonly run: (flags: F & OutputOptions, ...args: A) => Promise<Shown>;
}

export function addOfflineVerb<F, A extends readonly unknown[]>(group: Command, verb: OfflineVerb<F, A>): void {
  const { name, does, takes, examples, run } = verb;
  const command = group.command(name).description(does);
  takes?.(command);
  command
    .option("--json", "print JSON")
    .addHelpText("after", examplesText(examples))
    .action(async (...given: unknown[]) => {
      const flags = given.at(-2) as F & OutputOptions;
      const shown = await run(flags, ...(given.slice(0, -2) as unknown as A));
      print(flags, shown.value, () => shown.text());
    });
}

/** A group of verbs: `allot market`. */
export function addGroup(program: Command, name: string, does: string, examples: readonly string[]): Command {
  return program
    .command(name)
    .description(does)
    .addHelpText("after", `\nExamples:\n${examples.map((one) => `  ${one}`).join("\n")}`);
}

/** Where a transaction stands: fields that every verb that writes shows last. */
export const sentIn = ({ hash, receipt }: WriteResult): Row => ({ transaction: hash, block: receipt.blockNumber });
