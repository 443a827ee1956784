// What an attester says of an agent, as flags; and the sign lock that keeps it from saying two things of one test run.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { CapabilityParameters, SignLock } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { integerFlag } from "../flags.ts";
import { hashFlag, idFlag, textFlag } from "./values.ts";
import type { ClientFlags } from "./verb.ts";

const levelMax = 254;

export interface ClaimFlags {
  readonly level: number;
  readonly until?: string;
  readonly testRun?: string;
  readonly report?: string;
  readonly reportHash?: `0x${string}`;
  readonly signLock?: string;
}

export const takesCapability = (command: Command): Command =>
  command
    .argument("<agent>", "agent id", idFlag("<agent>"))
    .argument("<capability>", "its name, such as translate/en-de, or its id of 32 bytes", textFlag("<capability>"));

export const takesClaim = (command: Command): Command =>
  takesCapability(command)
    .option("--level <number>", "how well", integerFlag("--level", 0, levelMax), 0)
    .option("--until <date>", "when it ends (default: never)")
    .option(
      "--test-run <name>",
      "the test behind it, by a name of your own or 32 bytes; of one test run only one thing may ever be said",
      textFlag("--test-run"),
    )
    .option("--report <file>", "what the test showed: the file's keccak256 is attested")
    .option("--report-hash <hash>", "instead: that hash", hashFlag("--report-hash"))
    .option("--sign-lock <folder>", "where what is said of test runs is held (default: beside the key file)");

/** Seconds since 1970 of a date as a person writes it. */
export function secondOf(flag: string, date: string): bigint {
  const milliseconds = Date.parse(date);
  if (!Number.isNaN(milliseconds)) return BigInt(Math.floor(milliseconds / 1000));
  throw new AllotError("BAD_VALUE", { date }, `${flag}: must be a date such as 2027-06-30 or 2027-06-30T12:00:00Z`);
}

/** What the flags say, with the lock that holds it while `use` runs: only a test run needs one. */
export async function withClaim<T>(
  flags: ClaimFlags & Pick<ClientFlags, "keyFile">,
  agentId: bigint,
  capability: string,
  use: (claim: CapabilityParameters) => Promise<T>,
): Promise<T> {
  const { level, until, testRun } = flags;
  const report = await reportOf(flags);
  const { capabilityIdOf, openFileSignLock } = await import("../../../sdk/index.ts");
  const claim: CapabilityParameters = {
    ...{ agentId, capability, level },
    ...(until === undefined ? {} : { validUntil: secondOf("--until", until) }),
    ...(report === undefined ? {} : { report }),
    // Named as capabilities are: by a name, whose hash goes on chain, or by the hash.
    ...(testRun === undefined ? {} : { testRun: capabilityIdOf(testRun) }),
  };
  if (testRun === undefined) return use(claim);
  const directory = flags.signLock ?? `${flags.keyFile}.sign-lock`;
  const signLock: SignLock = await openFileSignLock({ directory });
  try {
    return await use({ ...claim, signLock });
  } finally {
    await signLock.close();
  }
}

async function reportOf({ report, reportHash }: ClaimFlags): Promise<`0x${string}` | undefined> {
  if (report === undefined) return reportHash;
  if (reportHash !== undefined) {
    throw new AllotError("BAD_VALUE", { report }, "--report and --report-hash: name one of them");
  }
  const { keccak256 } = await import("viem");
  try {
    return keccak256(readFileSync(report));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const message = `--report: ${report} cannot be read (${reason}): name the file that says what the test showed`;
    throw new AllotError("FILE_UNREADABLE", { file: report, reason }, message, { cause });
  }
}
