// Clients that share a register and a set in a contract. Each calls, waits for the receipt, and calls again; what they saw
// must be linearizable, whatever happened to the validators meanwhile.
import { encodeDeployData, encodeFunctionData, getContractAddress, parseAbi } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import type { Hex } from "../../node/types/brands.ts";
import { compileContract } from "../compileContract.ts";
import { linearization, type Operation } from "../simulation/linearizable.ts";
import { register, set } from "../simulation/objects.ts";
import { Random } from "../simulation/random.ts";
import { drawRegisterCall } from "../simulation/scenarios/clients.ts";

const abi = parseAbi([
  "constructor()",
  "function write(uint256 value)",
  "function read()",
  "function swap(uint256 from, uint256 to)",
  "function add(uint8 member)",
  "function members()",
]);
const seed = 17;
const gas = 500_000n;
const membersMax = 256;

/** What a client wants to be sent; `answered` is called when a receipt is seen for the first time. */
export interface Call {
  readonly raw: Hex;
  readonly answered: (logData: Hex | undefined) => void;
}

const drawSetCall = (random: Random): string =>
  random.chance(0.4) ? "set read" : `set add ${random.below(membersMax)}`;

function dataOf(call: string): Hex {
  const [object, verb, first = "0", second = "0"] = call.split(" ");
  if (object === "set")
    return verb === "read"
      ? encodeFunctionData({ abi, functionName: "members" })
      : encodeFunctionData({ abi, functionName: "add", args: [Number(first)] });
  if (verb === "read") return encodeFunctionData({ abi, functionName: "read" });
  if (verb === "write") return encodeFunctionData({ abi, functionName: "write", args: [BigInt(first)] });
  return encodeFunctionData({ abi, functionName: "swap", args: [BigInt(first), BigInt(second)] });
}

function answerOf(call: string, value: bigint): string {
  const [object, verb] = call.split(" ");
  if (verb === "write") return "written";
  if (verb === "add") return "added";
  if (verb === "swap") return value === 1n ? "swapped" : "kept";
  if (object === "register") return String(value);
  const members = Array.from({ length: membersMax }, (_, i) => i);
  return members.filter((i) => ((value >> BigInt(i)) & 1n) === 1n).join(",");
}

interface Client {
  readonly account: PrivateKeyAccount;
  readonly draw: (random: Random) => string;
  readonly history: Operation<string>[];
  nonce: number;
  isWaiting: boolean;
}

export class ObjectClients {
  readonly #clients: readonly Client[];
  readonly #random = new Random(seed);
  readonly #chainId: number;
  readonly #registerHistory: Operation<string>[] = [];
  readonly #setHistory: Operation<string>[] = [];
  readonly #contract: Hex;
  #isThere = false;

  /** @param accounts the first creates the contract; all share it, turn by turn the register and the set */
  constructor(accounts: readonly PrivateKeyAccount[], chainId: number) {
    this.#chainId = chainId;
    this.#contract = getContractAddress({ from: (accounts[0] as PrivateKeyAccount).address, nonce: 0n });
    this.#clients = accounts.map((account, i) => ({
      account,
      draw: i % 2 === 0 ? drawRegisterCall : drawSetCall,
      history: i % 2 === 0 ? this.#registerHistory : this.#setHistory,
      nonce: 0,
      isWaiting: false,
    }));
  }

  /** Of both, with an answer. */
  get answered(): number {
    return [...this.#registerHistory, ...this.#setHistory].filter(({ answer }) => answer !== undefined).length;
  }

  /** Calls of the clients that wait for none. */
  async next(): Promise<readonly Call[]> {
    if (!this.#isThere) {
      const [first] = this.#clients as readonly [Client];
      return first.isWaiting ? [] : [await this.#create(first)];
    }
    return Promise.all(this.#clients.filter(({ isWaiting }) => !isWaiting).map((client) => this.#call(client)));
  }

  async #create(client: Client): Promise<Call> {
    const bytecode = compileContract(new URL("SharedObjects.sol", import.meta.url));
    return this.#sent(client, { data: encodeDeployData({ abi, bytecode }) }, () => {
      this.#isThere = true;
    });
  }

  async #call(client: Client): Promise<Call> {
    const call = client.draw(this.#random);
    const calledAtMs = performance.now();
    const place =
      client.history.push({ call, answer: undefined, calledAtMs, answeredAtMs: Number.POSITIVE_INFINITY }) - 1;
    return this.#sent(client, { to: this.#contract, data: dataOf(call) }, (logData) => {
      // A call that was refused in execution has no event: its answer is one that no object gives.
      const answer = logData === undefined ? "refused" : answerOf(call, BigInt(logData));
      client.history[place] = { call, answer, calledAtMs, answeredAtMs: performance.now() };
    });
  }

  async #sent(client: Client, what: { to?: Hex; data: Hex }, done: (logData: Hex | undefined) => void): Promise<Call> {
    client.isWaiting = true;
    const fees = { gas, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const transaction = { ...what, ...fees, chainId: this.#chainId, nonce: client.nonce++, type: "eip1559" } as const;
    const raw = await client.account.signTransaction(transaction);
    return {
      raw,
      answered: (logData) => {
        client.isWaiting = false;
        done(logData);
      },
    };
  }

  /** What is not linearizable, as sentences. */
  violations(): readonly string[] {
    const found: string[] = [];
    if (linearization(register, this.#registerHistory) === undefined)
      found.push(`${this.#registerHistory.length} calls to a register, and no order in which all answers are right`);
    if (linearization(set, this.#setHistory) === undefined)
      found.push(`${this.#setHistory.length} calls to a set, and no order in which all answers are right`);
    return found;
  }
}
