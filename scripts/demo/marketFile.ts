// The market that `npm start` runs, as a person writes it (examples/market.json). Every mistake is refused with the
// file, the place in it and the reason, before anything is started.
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseUnits } from "viem";
import { z } from "zod";
import { readJsonFile } from "../../node/config/jsonFile.ts";
import { integer, text } from "../../node/config/schemas.ts";
import { checkReferences } from "./marketReferences.ts";
import { workKinds } from "./work.ts";

/** Decimal digits of a credit: amounts are whole millionths. */
export const creditDecimals = 6;

/** A decimal number of credits in a string, "12.5", read as millionths. */
const credits = text
  .regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be an amount of credits in a string, such as "12.5", with at most 6 decimals')
  .transform((decimal) => parseUnits(decimal, creditDecimals));

const positiveCredits = credits.refine((amount) => amount > 0n, "must be more than 0");
const name = text.regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and dashes, a letter first");
const kind = z.enum(workKinds, { errorMap: () => ({ message: `must be one of ${workKinds.join(", ")}` }) });

export const mechanisms = ["first-price", "vickrey", "uniform-price", "posted-price"] as const;
const mechanism = z.enum(mechanisms, { errorMap: () => ({ message: `must be one of ${mechanisms.join(", ")}` }) });

/**
 * `signs-two-bids`: for one tender, both handed out. `signs-against-commit`: commits on chain, and signs another bid.
 * `lapses`: bids although its capabilities have been revoked.
 */
export const behaviours = ["honest", "never-delivers", "signs-two-bids", "signs-against-commit", "lapses"] as const;
export type Behaviour = (typeof behaviours)[number];
export const equivocates = (behaviour: Behaviour): boolean => behaviour.startsWith("signs-");
const behaviour = z.enum(behaviours, { errorMap: () => ({ message: `must be one of ${behaviours.join(", ")}` }) });

/** What a piece of work costs its agent: base + perKilobyte × size of the file in kB (1,000 bytes, rounded up). */
const cost = z.object({ base: credits, perKilobyte: credits }).strict();

const agent = z
  .object({
    name,
    organisation: name,
    stake: positiveCredits,
    behaviour: behaviour.default("honest"),
    /** Whether it also votes on disputes. */
    panel: z.boolean().default(false),
    work: z.record(kind, cost).refine((work) => Object.keys(work).length > 0, "names no kind of work"),
  })
  .strict();

const requester = z.object({ name, organisation: name, credits: positiveCredits }).strict();

const task = z
  .object({
    kind,
    file: text,
    requester: name,
    reserve: positiveCredits,
    mechanism: mechanism.default("vickrey"),
    /** Whether its verdict can be objected to. */
    disputable: z.boolean().default(false),
  })
  .strict();

const marketShape = z
  .object({
    windows: z
      .object({
        commitSeconds: integer(2, 600),
        revealSeconds: integer(2, 600),
        deliverySeconds: integer(3, 3_600),
        verdictSeconds: integer(3, 3_600),
        acceptanceSeconds: integer(2, 3_600),
        disputeSeconds: integer(3, 3_600),
      })
      .strict(),
    tasksAtOnce: integer(1, 500),
    outage: z.object({ validator: integer(1, 4), afterAwards: integer(0, 1_000), seconds: integer(1, 300) }).strict(),
    /** It rejects the first `misjudges` deliveries of disputable tasks, whatever they are worth. */
    evaluator: z.object({ organisation: name, misjudges: integer(0, 100).default(0) }).strict(),
    requesters: z.array(requester).min(1, "names no requester"),
    agents: z.array(agent).min(2, "needs at least two agents"),
    tasks: z.array(task).min(1, "names no task"),
  })
  .strict();

export type Market = z.output<typeof marketShape>;
export type MarketAgent = Market["agents"][number];
export type MarketTask = Market["tasks"][number];

/** False also for what can be no path: too long, or with a byte 0 in it. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Reads a market file. Files of tasks are named relative to it and come back absolute.
 * @throws AllotError FILE_MISSING, FILE_UNREADABLE, BAD_JSON or BAD_VALUE
 */
export function readMarketFile(path: string): Market {
  const folder = dirname(resolve(path));
  const schema = marketShape
    .superRefine((market, context) => {
      checkReferences(market, (path, message) => context.addIssue({ code: z.ZodIssueCode.custom, path, message }));
      market.tasks.forEach((one, i) => {
        if (isFile(resolve(folder, one.file))) return;
        const message = `there is no file ${resolve(folder, one.file)} (files are named relative to the market file)`;
        context.addIssue({ code: z.ZodIssueCode.custom, path: ["tasks", i, "file"], message });
      });
    })
    .transform((market) => ({
      ...market,
      tasks: market.tasks.map((one) => ({ ...one, file: resolve(folder, one.file) })),
    }));
  return readJsonFile(path, schema, "the market to run; examples/market.json is one");
}

/** Cost of a piece of work to an agent, in millionths of a credit. */
export function costOf(worker: MarketAgent, work: MarketTask["kind"], sizeBytes: number): bigint | undefined {
  const rate = worker.work[work];
  return rate && rate.base + rate.perKilobyte * BigInt(Math.ceil(sizeBytes / 1_000));
}
