// The network as the properties drive it: one transaction per block with many actors' calls in it, at times that the
// test chooses, and reading from many contracts at once.
import { Interface, keccak256, toBeHex, toUtf8Bytes } from "ethers";
import { artifacts } from "hardhat";
import type { Connection } from "../contracts/fixture.ts";

/** One call by one actor. */
export interface Act {
  readonly actor: string;
  readonly target: string;
  readonly data: string;
}
export interface Played {
  readonly done: boolean;
  /** The first word that the call returned or reverted with. */
  readonly word: string;
}
export interface Look {
  readonly target: string;
  readonly data: string;
}

const SENDER = `0x${"c0".repeat(20)}`;
const CROWD = `0x${"c4".repeat(20)}`;
const BLOCK_GAS = 4_000_000_000n;
/** Hex digits of a word, and of what the crowd says of a call: one byte, one word. */
const WORD_DIGITS = 64;
const RESULT_DIGITS = 2 + WORD_DIGITS;

/** What a network for these tests must be created with: room for a crowd in a block, and no price of gas. */
export const CROWD_NETWORK = {
  override: { blockGasLimit: BLOCK_GAS, initialBaseFeePerGas: 0n, gas: BLOCK_GAS, gasPrice: 0n } as const,
};

const lengthOf = (data: string): string => toBeHex((data.length - 2) / 2, 3);
const wordFrom = (value: number): string => value.toString(16).padStart(WORD_DIGITS, "0");

/** A call of a function that takes a script alone. By hand, since scripts are long and there are many. */
function scriptCall(name: "play" | "look", parts: readonly string[]): string {
  const script = parts.map((part) => part.slice(2)).join("");
  const padded = script.padEnd(Math.ceil(script.length / WORD_DIGITS) * WORD_DIGITS, "0");
  return `${crowdAbi.getFunction(name)?.selector}${wordFrom(32)}${wordFrom(script.length / 2)}${padded}`;
}

export class CrowdChain {
  readonly #connection: Connection;
  readonly #actorCode: string;
  readonly #impersonated = new Set<string>();
  /** Block time of the next transactions, in seconds. */
  now = 0;

  private constructor(connection: Connection, actorCode: string) {
    this.#connection = connection;
    this.#actorCode = actorCode;
  }

  static async create(connection: Connection): Promise<CrowdChain> {
    const { deployedBytecode: actorCode } = await artifacts.readArtifact("Actor");
    const { deployedBytecode: crowdCode } = await artifacts.readArtifact("Crowd");
    const chain = new CrowdChain(connection, actorCode);
    await chain.request("hardhat_setCode", [CROWD, crowdCode]);
    return chain;
  }

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    return await this.#connection.provider.request({ method, params: [...params] });
  }

  /** Lets the account at an address act in scripts. */
  async makeActor(address: string): Promise<void> {
    await this.request("hardhat_setCode", [address, this.#actorCode]);
  }

  /** Every call in one block, in order. */
  async play(acts: readonly Act[]): Promise<readonly Played[]> {
    const script = acts.flatMap(({ actor, target, data }) => [actor, target, lengthOf(data), data]);
    const receipt = await this.send(SENDER, CROWD, scriptCall("play", script));
    const log = receipt.logs.find(({ address }) => address === CROWD);
    if (log === undefined) throw new RangeError("the crowd's transaction failed");
    const results = log.data.slice(2 + 2 * WORD_DIGITS);
    return acts.map((_, i) => {
      const result = results.slice(i * RESULT_DIGITS, (i + 1) * RESULT_DIGITS);
      return { done: result.startsWith("01"), word: `0x${result.slice(2)}` };
    });
  }

  /** One transaction from any address, as if it held its key. */
  async send(
    from: string,
    to: string,
    data: string,
  ): Promise<{ status: string; logs: { address: string; data: string }[] }> {
    if (!this.#impersonated.has(from)) {
      await this.request("hardhat_impersonateAccount", [from]);
      await this.request("hardhat_setBalance", [from, toBeHex(10n ** 24n)]);
      this.#impersonated.add(from);
    }
    if (this.now > 0) await this.request("evm_setNextBlockTimestamp", [this.now]);
    const call = { from, to, data, gas: toBeHex(BLOCK_GAS - 1n), gasPrice: "0x0" };
    const hash = await this.request("eth_sendTransaction", [call]);
    return (await this.request("eth_getTransactionReceipt", [hash])) as never;
  }

  /** What contracts say now, in words of 32 bytes as hex digits. */
  async look(looks: readonly Look[]): Promise<readonly (readonly string[])[]> {
    const script = looks.flatMap(({ target, data }) => [target, lengthOf(data), data]);
    const data = scriptCall("look", script);
    const call = { from: SENDER, to: CROWD, data, gas: toBeHex(BLOCK_GAS - 1n) };
    const answer = (await this.request("eth_call", [call, "latest"])) as string;
    const [results] = crowdAbi.decodeFunctionResult("look", answer) as unknown as [string[]];
    return results.map((result) => result.slice(2).match(/.{64}/g) ?? []);
  }

  async snapshot(): Promise<string> {
    return (await this.request("evm_snapshot", [])) as string;
  }

  async revert(snapshot: string): Promise<void> {
    await this.request("evm_revert", [snapshot]);
  }
}

const crowdAbi = new Interface(["function play(bytes script)", "function look(bytes script) view returns (bytes[])"]);

export const wordOf = (text: string): string => keccak256(toUtf8Bytes(text));
