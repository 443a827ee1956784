import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { lockDirectory } from "../../node/storage/directoryLock.ts";
import { allot, temporaryFolder } from "./runAllot.ts";

const program = fileURLToPath(new URL("../../node/cli/allot.ts", import.meta.url));

interface Shown {
  readonly networkId: string;
  readonly resumed: boolean;
  readonly validators: readonly { readonly name: string; readonly pid: number; readonly rpcUrl: string }[];
  readonly accounts: readonly { readonly address: string }[];
}

/** A devnet in a process of its own, once it has printed what it is. */
class RunningDevnet {
  readonly #child: ChildProcess;
  readonly shown: Shown;
  readonly #exit: Promise<number | null>;

  private constructor(child: ChildProcess, shown: Shown, exit: Promise<number | null>) {
    this.#child = child;
    this.shown = shown;
    this.#exit = exit;
  }

  static async start(folder: string, ...flags: string[]): Promise<RunningDevnet> {
    const ports = ["--rpc-port", "0", "--p2p-port", "0"];
    const child = spawn(process.execPath, [program, "devnet", "--dir", folder, "--json", ...ports, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
    let output = "";
    let complaint = "";
    child.stderr?.on("data", (chunk) => {
      complaint += chunk;
    });
    const shown = await new Promise<Shown>((resolve, reject) => {
      child.stdout?.on("data", (chunk) => {
        output += chunk;
        if (output.endsWith("\n}\n")) resolve(JSON.parse(output));
      });
      void exit.then((code) => reject(new Error(`devnet ended with ${code}: ${complaint}`)));
    });
    return new RunningDevnet(child, shown, exit);
  }

  /** Ends the process by a signal. @returns its exit code */
  end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exit;
  }
}

async function rpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return ((await response.json()) as { result?: unknown }).result;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!condition()) {
    if (Date.now() > deadline) expect.fail(`${what} did not happen within 45 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("allot devnet", () => {
  const path = temporaryFolder();

  it("starts validators that serve the funded accounts, stops all at Ctrl-C, and goes on with the same network", async () => {
    const devnet = await RunningDevnet.start(path("net"));
    const { validators, accounts, networkId } = devnet.shown;
    expect(validators.map((one) => one.name)).to.deep.equal([0, 1, 2, 3].map((i) => `validator-${i}`));
    for (const { rpcUrl } of validators) {
      expect(await rpc(rpcUrl, "eth_chainId")).to.equal("0x7983");
      expect(await rpc(rpcUrl, "eth_getBalance", accounts[0]?.address, "latest")).to.equal("0x21e19e0c9bab2400000");
    }
    expect(await devnet.end("SIGINT")).to.equal(0);
    for (const { pid } of validators) expect(runs(pid)).to.equal(false);

    const again = await RunningDevnet.start(path("net"));
    expect(again.shown).to.include({ networkId, resumed: true });
    await again.end("SIGINT");
  }).timeout(60_000);

  it("leaves no validator behind when it is killed", async () => {
    const devnet = await RunningDevnet.start(path("killed"), "--validators", "1", "--bare");
    const pid = devnet.shown.validators[0]?.pid ?? 0;
    expect(runs(pid)).to.equal(true);
    await devnet.end("SIGKILL");
    await until("the end of the validator", () => !runs(pid));
  }).timeout(60_000);

  it("goes on without a validator that ends by itself, and ends with an error after the last one", async () => {
    const devnet = await RunningDevnet.start(path("crashed"), "--validators", "2", "--bare");
    const [first, second] = devnet.shown.validators;
    process.kill(first?.pid ?? 0, "SIGKILL");
    await until("the end of the first validator", () => !runs(first?.pid ?? 0));
    expect(await rpc(second?.rpcUrl ?? "", "eth_chainId")).to.equal("0x7983");
    process.kill(second?.pid ?? 0, "SIGKILL");
    expect(await devnet.end("SIGCONT")).to.equal(2);
  }).timeout(60_000);

  it("refuses ports that are in use, and says whose they would be", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const call = ["devnet", "--dir", path("ports"), "--validators", "1", "--bare", "--p2p-port", "0"];
    const outcome = await allot([...call, "--rpc-port", String(port)]);
    server.close();
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr).to.match(
      new RegExp(`port ${port} on 127.0.0.1 is in use, .*JSON-RPC of validator-0.*--rpc-port`),
    );
  });

  it("refuses a folder that another one uses", async () => {
    const lock = lockDirectory(path("taken"));
    const outcome = await allot(["devnet", "--dir", path("taken"), "--bare", "--rpc-port", "0", "--p2p-port", "0"]);
    lock.release();
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr).to.match(/taken is in use by another .*process \d+/);
  });

  it("refuses to go on with a network of another size", async () => {
    mkdirSync(path("small"));
    writeFileSync(path("small", "devnet.json"), '{"version":1,"validators":["validator-0"],"engine":"ethereumjs"}');
    const outcome = await allot(["devnet", "--dir", path("small"), "--rpc-port", "0"]);
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr).to.match(/a number of validators of 1, not 4.*--fresh/);
  });

  it("--fresh removes a network, and nothing else", async () => {
    mkdirSync(path("mine"));
    writeFileSync(path("mine", "thesis.tex"), "years of work");
    const outcome = await allot(["devnet", "--dir", path("mine"), "--fresh"]);
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr).to.match(/holds something that is no development network's \(thesis\.tex\)/);
    expect(readFileSync(path("mine", "thesis.tex"), "utf8")).to.equal("years of work");

    mkdirSync(path("old", "validators", "validator-0"), { recursive: true });
    writeFileSync(path("old", "devnet.json"), '{"version":1,"validators":["validator-0"],"engine":"ethereumjs"}');
    const { removeDevnet } = await import("../../node/cli/removeDevnet.ts");
    removeDevnet(path("old"));
    expect(existsSync(path("old", "validators"))).to.equal(false);
    rmSync(path("old"), { recursive: true });
  });
});
