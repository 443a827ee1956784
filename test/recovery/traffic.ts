// Clients that never stop: they keep transfers on their way to every validator that runs, send again what a crash
// swallowed, and remember every block that any validator ever served, so that none can be lost or exchanged unnoticed.
// What they see must be linearizable: a transfer that was sent after a block had been served takes effect after it, and
// what clients see of a register and of a set could have been seen one after the other.
import { setTimeout as delay } from "node:timers/promises";
import { keccak256 } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import type { Hex } from "../../node/types/brands.ts";
import { type Call, ObjectClients } from "./objectClients.ts";

const waitingMax = 12;
/** Half of them share a register, half a set. */
const objectClients = 4;
const roundMs = 60;
/** A process that is stopped (SIGSTOP) accepts connections and says nothing; a starved one takes its time. */
export const answerMs = 1_500;

interface Sender {
  readonly account: PrivateKeyAccount;
  nonce: number;
}

interface Sent {
  readonly raw: Hex;
  readonly hash: Hex;
  /** Of a call to a shared object. */
  readonly answered?: Call["answered"];
  /** The highest block that anybody had served when it was made. */
  readonly afterHeight: number;
}

interface Block {
  readonly number: Hex;
  readonly hash: string;
}
interface Receipt {
  readonly blockNumber: Hex;
  readonly blockHash: string;
  readonly logs: readonly { readonly data: Hex }[];
}

/** JSON-RPC calls in one request; undefined in the place of an error, and everywhere when nobody answers. */
export async function batch(
  url: string,
  calls: readonly (readonly [method: string, ...params: readonly unknown[]])[],
): Promise<readonly unknown[]> {
  if (calls.length === 0) return [];
  const body = JSON.stringify(calls.map(([method, ...params], id) => ({ jsonrpc: "2.0", id, method, params })));
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(answerMs) });
    const answers = (await response.json()) as { id: number; result?: unknown }[];
    return calls.map((_, id) => answers.find((answer) => answer.id === id)?.result ?? undefined);
  } catch {
    return calls.map(() => undefined);
  }
}

export class Traffic {
  readonly #validators: readonly DevnetValidator[];
  readonly #chainId: number;
  readonly #senders: readonly Sender[];
  readonly recipient: Hex;
  readonly #waiting: Sent[] = [];
  #made = 0;
  #isOver = false;
  #isDraining = false;
  #loop: Promise<void> = Promise.resolve();
  /** Hash of the block of each height, as first served. */
  readonly blocks = new Map<number, string>();
  /** Transfers with a receipt, and the height of their block. */
  readonly executed = new Map<Hex, number>();
  /** The same of calls to shared objects. */
  readonly called = new Map<Hex, number>();
  readonly objects: ObjectClients;
  /** Blocks that changed after they had been served, and transfers that took effect before they were made. */
  readonly violations: string[] = [];

  constructor(validators: readonly DevnetValidator[], chainId: number) {
    this.#validators = validators;
    this.#chainId = chainId;
    const [recipient, ...senders] = developmentAccounts(7).slice(3);
    const clients = developmentAccounts(7 + objectClients).slice(7);
    this.objects = new ObjectClients(
      clients.map(({ privateKey }) => privateKeyToAccount(privateKey)),
      chainId,
    );
    this.recipient = recipient?.address as Hex;
    this.#senders = senders.map(({ privateKey }) => ({ account: privateKeyToAccount(privateKey), nonce: 0 }));
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Makes no more transfers, and ends when those that were made have been executed. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#loop;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
  }

  get height(): number {
    return Math.max(0, ...this.blocks.keys());
  }

  async #run(): Promise<void> {
    while (!this.#isOver && !(this.#isDraining && this.#waiting.length === 0)) {
      await this.#round();
      await delay(roundMs);
    }
  }

  async #round(): Promise<void> {
    if (this.#waiting.length < waitingMax && !this.#isDraining) {
      this.#waiting.push(await this.#transfer());
      const afterHeight = this.height;
      for (const { raw, answered } of await this.objects.next()) {
        this.#waiting.push({ raw, hash: keccak256(raw), afterHeight, answered });
      }
    }
    const running = this.#validators.filter((each) => each.running());
    const transfers = [...this.#waiting];
    const sends = transfers.map(({ raw }) => ["eth_sendRawTransaction", raw] as const);
    const receipts = transfers.map(({ hash }) => ["eth_getTransactionReceipt", hash] as const);
    const latest = ["eth_getBlockByNumber", "latest", false] as const;
    await Promise.all(
      running.map(async (each) => {
        const [block, ...answers] = await batch(each.rpcUrl(), [latest, ...receipts, ...sends]);
        if (block !== undefined) this.#served(each, (block as Block).number, (block as Block).hash);
        for (const [i, transfer] of transfers.entries()) {
          const receipt = answers[i] as Receipt | undefined;
          if (receipt !== undefined) this.#tookEffect(each, transfer, receipt);
        }
      }),
    );
    const left = this.#waiting.filter(({ hash }) => !this.executed.has(hash) && !this.called.has(hash));
    this.#waiting.splice(0, this.#waiting.length, ...left);
  }

  #tookEffect(
    validator: DevnetValidator,
    { hash, afterHeight, answered }: Sent,
    { blockNumber, blockHash, logs }: Receipt,
  ): void {
    const height = Number(blockNumber);
    this.#served(validator, blockNumber, blockHash);
    const seen = answered === undefined ? this.executed : this.called;
    if (!seen.has(hash)) answered?.(logs[0]?.data);
    seen.set(hash, height);
    if (height > afterHeight) return;
    this.violations.push(`a transfer made after block ${afterHeight} was served took effect in block ${height}`);
  }

  #served({ name }: DevnetValidator, number: Hex, hash: string): void {
    const height = Number(number);
    const known = this.blocks.get(height);
    if (known === undefined) this.blocks.set(height, hash);
    else if (known !== hash)
      this.violations.push(`${name} serves ${hash} at height ${height}, where ${known} was final`);
  }

  async #transfer(): Promise<Sent> {
    const afterHeight = this.height;
    const sender = this.#senders[this.#made++ % this.#senders.length] as Sender;
    const fees = { gas: 21_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const transfer = { chainId: this.#chainId, nonce: sender.nonce++, to: this.recipient, value: 1n, ...fees };
    const raw = await sender.account.signTransaction({ ...transfer, type: "eip1559" });
    return { raw, hash: keccak256(raw), afterHeight };
  }
}
