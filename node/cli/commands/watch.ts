// `allot watch`: follows the market live until Ctrl-C. A line per event; with --json a JSON object per line.
import type { Command } from "commander";
import type { AllotClient, MarketEvent, MarketEventKind } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { factsInWords } from "../client/factsInWords.ts";
import { idFlag } from "../client/values.ts";
import { addVerb, type ClientFlags } from "../client/verb.ts";
import { jsonOf, notice } from "../output.ts";
import { untilSignal } from "../untilSignal.ts";

interface WatchFlags {
  readonly only?: string;
  readonly fromBlock?: bigint;
}

const kindWidth = 10;

function lineOf({ kind, event, facts, blockNumber }: MarketEvent): string {
  const shown = Object.entries(factsInWords(facts))
    .filter(([, value]) => value !== "" && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "object" ? jsonOf(value, 0) : String(value)}`);
  return `${String(blockNumber).padStart(8)}  ${kind.padEnd(kindWidth)}  ${event}  ${shown.join("  ")}`;
}

const jsonLineOf = ({ kind, event, facts, blockNumber, transactionHash }: MarketEvent): string =>
  jsonOf({ kind, event, ...factsInWords(facts), block: blockNumber, transaction: transactionHash }, 0);

async function kindsOf(only: string | undefined): Promise<readonly MarketEventKind[] | undefined> {
  if (only === undefined) return undefined;
  const { marketEventKinds } = await import("../../../sdk/index.ts");
  const kinds = only.split(",").filter((kind) => kind !== "");
  const known: readonly string[] = marketEventKinds;
  const unknown = kinds.find((kind) => !known.includes(kind));
  if (unknown !== undefined || kinds.length === 0) {
    const message = `--only: ${unknown === undefined ? "names no kind" : `there is no kind ${unknown}`}; there are ${known.join(", ")}`;
    throw new AllotError("BAD_VALUE", { only }, message);
  }
  return kinds as readonly MarketEventKind[];
}

/** Tells once that no node answers, or that one refuses, and once that one answers again. */
function connectionTeller(flags: ClientFlags) {
  let lost = false;
  return {
    failed(error: AllotError): void {
      const what = error.code === "NODE_UNREACHABLE" ? "no node answers" : error.message;
      if (!lost) process.stderr.write(`allot: ${what}; trying again until one does or Ctrl-C\n`);
      lost = true;
    },
    heard(): void {
      if (lost) notice(flags, "A node answers again; nothing was missed.");
      lost = false;
    },
  };
}

/**
 * Resolves when whoever reads the output has gone, as `allot watch | head` does.
 * @throws AllotError OUTPUT_FAILED when it cannot be written for another reason, as onto a full disk
 */
const untilReaderGone = (): Promise<undefined> =>
  new Promise((resolve, reject) => {
    process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EPIPE") return resolve(undefined);
      const message = `the output cannot be written (${cause.code}): what has happened since is lost here; begin again with --from-block`;
      reject(new AllotError("OUTPUT_FAILED", { reason: cause.code }, message, { cause }));
    });
  });

async function follow(client: AllotClient, flags: WatchFlags & ClientFlags): Promise<void> {
  const kinds = await kindsOf(flags.only);
  const connection = connectionTeller(flags);
  const { explained } = await import("../client/openClient.ts");
  const failure = Promise.withResolvers<never>();
  const write = flags.json === true ? jsonLineOf : lineOf;
  const unwatch = client.watchMarket({
    ...(kinds === undefined ? {} : { kinds }),
    ...(flags.fromBlock === undefined ? {} : { fromBlock: flags.fromBlock }),
    onPoll: () => connection.heard(),
    onError(error) {
      const known = explained(error, flags.rpcUrl);
      // What is no node's doing ends the watch, and is told as what it is.
      if (!(known instanceof AllotError)) failure.reject(known);
      else if (known.code === "CALLBACK_FAILED") failure.reject(known.cause);
      else connection.failed(known);
    },
    onEvent(event) {
      process.stdout.write(`${write(event)}\n`);
    },
  });
  notice(flags, "Following the market; Ctrl-C ends it.");
  try {
    await Promise.race([untilSignal(), untilReaderGone(), failure.promise]);
  } finally {
    unwatch();
  }
}

export function addWatch(program: Command): void {
  addVerb<WatchFlags, []>(program, {
    name: "watch",
    does: "follow the market live, until Ctrl-C: tasks, bids, awards, deliveries, verdicts, slashing, proposals, blocks",
    takes: (command) =>
      command
        .option("--only <kind,...>", "task, bid, award, delivery, verdict, payment, dispute, slashing, ..., block")
        .option("--from-block <height>", "begin with this block (default: what comes next)", idFlag("--from-block")),
    examples: [
      "allot watch",
      "allot watch --only slashing,proposal",
      "allot watch --json --from-block 0 | grep UnitAssigned",
    ],
    async run({ client, flags }) {
      await follow(client, flags);
      return undefined;
    },
  });
}
