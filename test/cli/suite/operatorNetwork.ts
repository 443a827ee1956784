// A development network for the verbs, started by the command line itself, and the verbs called on it as an operator
// would: by processes that know nothing but its URLs and a key file.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { fallback, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type AllotClient, createAllotClient, type SignLock } from "../../../sdk/index.ts";
import { allot, type Outcome } from "../runAllot.ts";

const program = fileURLToPath(new URL("../../../node/cli/allot.ts", import.meta.url));

export interface Validator {
  readonly directory: string;
  readonly rpcUrl: string;
  readonly pid: number;
}

interface Shown {
  readonly validators: readonly Validator[];
  readonly accounts: readonly { readonly address: Hex; readonly privateKey: Hex }[];
}

/** Account 0 governs and attests; every account is an organisation of its own. */
export interface OperatorNetwork {
  readonly validators: readonly Validator[];
  readonly urls: string;
  /** A file's path in the suite's folder. */
  path(name: string): string;
  keyFile(account: number): string;
  address(account: number): Hex;
  /** What somebody does who is no operator: through the SDK. */
  client(account: number, signLock?: SignLock): AllotClient;
  /** Calls a verb with an account's key. */
  call(account: number, ...args: string[]): Promise<Outcome>;
  /** Calls a verb that must succeed, with --json, and gives what it printed. */
  json<T = Record<string, unknown>>(account: number, ...args: string[]): Promise<T>;
  /** Calls a verb that must succeed, and gives its text. */
  text(account: number, ...args: string[]): Promise<string>;
  /** Kills a validator as a power cut would. */
  kill(validator: number): void;
  /** Starts a killed one again, as its operator would, with `allot start`; resolves when it is ready. */
  start(validator: number): Promise<void>;
  close(): Promise<void>;
}

export async function startOperatorNetwork(): Promise<OperatorNetwork> {
  const directory = mkdtempSync(join(tmpdir(), "allot-cli-verbs-"));
  const flags = ["--dir", join(directory, "net"), "--rpc-port", "0", "--p2p-port", "0", "--json"];
  const devnet = spawn(process.execPath, [program, "devnet", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => devnet.once("close", resolve));
  let output = "";
  const { validators, accounts } = await new Promise<Shown>((resolve, reject) => {
    devnet.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (output.endsWith("\n}\n")) resolve(JSON.parse(output));
    });
    void ended.then((code) => reject(new RangeError(`allot devnet ended with ${code}`)));
  });
  const path = (name: string): string => join(directory, "files", name);
  mkdirSync(path(""));
  for (const [i, { privateKey }] of accounts.entries()) {
    writeFileSync(path(`account-${i}.key`), `${privateKey}\n`, { mode: 0o600 });
  }
  const urls = validators.map(({ rpcUrl }) => rpcUrl);
  const keyFile = (account: number): string => path(`account-${account}.key`);
  const call = (account: number, ...args: string[]): Promise<Outcome> =>
    allot(args, { ALLOT_RPC_URL: urls.join(), ALLOT_KEY_FILE: keyFile(account) });
  const text = async (account: number, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await call(account, ...args);
    expect(code, `allot ${args.join(" ")}\n${stderr}`).to.equal(0);
    return stdout;
  };
  const restarted: ChildProcess[] = [];
  const pids = validators.map(({ pid }) => pid);
  const start = async (validator: number): Promise<void> => {
    const { directory: folder, rpcUrl } = validators[validator] as Validator;
    const port = new URL(rpcUrl).port;
    const child = spawn(process.execPath, [program, "start", "--dir", folder, "--rpc-port", port], { stdio: "ignore" });
    restarted.push(child);
    pids[validator] = child.pid ?? 0;
    while (!(await fetch(`${rpcUrl}/ready`).catch(() => undefined))?.ok) await delay(100);
  };
  const privateKey = (account: number): Hex => accounts[account]?.privateKey ?? "0x";
  return {
    validators,
    urls: urls.join(),
    path,
    keyFile,
    address: (account) => accounts[account]?.address ?? "0x",
    client: (account, signLock) =>
      createAllotClient({
        transport: fallback(urls.map((url) => http(url))),
        account: privateKeyToAccount(privateKey(account)),
        ...(signLock === undefined ? {} : { signLock }),
      }),
    call,
    text,
    json: async (account, ...args) => JSON.parse(await text(account, ...args, "--json")),
    kill: (validator) => void process.kill(pids[validator] ?? 0, "SIGKILL"),
    start,
    async close() {
      for (const child of restarted) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGTERM");
        await once(child, "close");
      }
      devnet.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One sentence on stderr and exit code 2: something to mend in the call. Nothing was done. */
export function expectMistake(outcome: Outcome, sentence: RegExp): void {
  expectSentence(outcome, sentence, 2);
}

/** One sentence on stderr and exit code 1: the rules refused. */
export function expectRefusedByRules(outcome: Outcome, sentence: RegExp): void {
  expectSentence(outcome, sentence, 1);
}

function expectSentence({ code, stdout, stderr }: Outcome, sentence: RegExp, expected: number): void {
  const lines = stderr.trim().split("\n");
  // Before it stand only lines that say what is being done.
  expect(lines.slice(0, -1).filter((line) => !line.endsWith(" ..."))).to.deep.equal([]);
  expect(lines.at(-1))
    .to.match(/^allot: /)
    .and.to.match(sentence);
  expect(stdout).to.equal("");
  expect(code).to.equal(expected);
}

/** The cells of a table by its headings. */
export function cellsOf(text: string): readonly Readonly<Record<string, string>>[] {
  const [headings = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  return rows.map((row) => Object.fromEntries(headings.map((heading, i) => [heading, row[i] ?? ""])));
}
