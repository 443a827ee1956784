// Four validators as processes of their own, with a client that signs transfers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { type Devnet, type DevnetValidator, startDevnet } from "../../node/cli/devnet.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import type { NewNetwork } from "../../node/genesis/newNetwork.ts";
import type { SeatEntry } from "../../node/genesis/seatEntry.ts";
import type { Hex } from "../../node/types/brands.ts";

export const chainId = 31_107;
const waitMs = 30_000;

export interface Head {
  readonly height: number;
  readonly hash: string;
  readonly stateRoot: string;
}

/** One JSON-RPC call. */
export async function call<T>(url: string, method: string, ...params: readonly unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const answer = (await response.json()) as { result?: T; error?: { message: string } };
  if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result as T;
}

/** Waits until `read` gives something; `what` names it in the failure. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    // A validator that is just starting does not answer yet.
    const found = await read().catch(() => undefined);
    if (found !== undefined && found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${waitMs} ms`);
    await delay(25);
  }
}

/** A bare network with the development accounts. */
export function networkFor(entries: readonly SeatEntry[]): NewNetwork {
  return developmentNetwork({ chainId, rules: "development", bare: true }, entries);
}

export interface ClusterOptions {
  /** May hold a network that has been made before. */
  readonly folder?: string;
  /** A bare network unless given. */
  /** Which development account sends the transfers; the first unless given. */
  readonly sender?: number;
  readonly networkFor?: (entries: readonly SeatEntry[]) => NewNetwork;
  /** "info" unless given. */
  readonly logLevel?: string;
}

export class Cluster {
  readonly folder: string;
  readonly devnet: Devnet;
  readonly #account: PrivateKeyAccount;
  readonly recipient: Hex;
  #nonce = 0;

  private constructor(folder: string, devnet: Devnet, sender: number) {
    this.folder = folder;
    this.devnet = devnet;
    const accounts = developmentAccounts(sender + 2);
    this.#account = privateKeyToAccount(accounts[sender]?.privateKey as Hex);
    this.recipient = accounts[sender + 1]?.address as Hex;
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const { folder = mkdtempSync(join(tmpdir(), "allot-cluster-")), logLevel = "info" } = options;
    const devnet = await startDevnet({
      directory: folder,
      validators: 4,
      p2pPort: 0,
      rpcPort: 0,
      engine: "ethereumjs",
      logLevel,
      networkFor: options.networkFor ?? networkFor,
    });
    return new Cluster(folder, devnet, options.sender ?? 0);
  }

  async stop(): Promise<void> {
    await this.devnet.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  validator(index: number): DevnetValidator {
    return this.devnet.validators[index] as DevnetValidator;
  }

  /** Sends one transfer of one wei to a validator; resolves with its hash. */
  async send(to: DevnetValidator): Promise<Hex> {
    const fees = { gas: 21_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const transfer = { chainId, nonce: this.#nonce++, to: this.recipient, value: 1n, ...fees };
    const raw = await this.#account.signTransaction({ ...transfer, type: "eip1559" });
    return call(to.rpcUrl(), "eth_sendRawTransaction", raw);
  }

  /** Resolves when a validator serves the receipt. */
  async executed(hash: Hex, at: DevnetValidator): Promise<{ readonly blockHash: string; readonly blockNumber: Hex }> {
    return eventually(`receipt of ${hash} at ${at.name}`, () => call(at.rpcUrl(), "eth_getTransactionReceipt", hash));
  }

  async head(at: DevnetValidator): Promise<Head> {
    const block = await call<{ number: Hex; hash: string; stateRoot: string }>(
      at.rpcUrl(),
      "eth_getBlockByNumber",
      "latest",
      false,
    );
    return { height: Number(block.number), hash: block.hash, stateRoot: block.stateRoot };
  }

  async blockHash(at: DevnetValidator, height: number): Promise<string | undefined> {
    const block = await call<{ hash: string } | null>(
      at.rpcUrl(),
      "eth_getBlockByNumber",
      `0x${height.toString(16)}`,
      false,
    );
    return block?.hash;
  }

  async balance(at: DevnetValidator): Promise<bigint> {
    return BigInt(await call<Hex>(at.rpcUrl(), "eth_getBalance", this.recipient, "latest"));
  }
}
