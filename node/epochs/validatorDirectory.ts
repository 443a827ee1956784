// Every validator ever admitted, with what the network needs to reach it: from genesis where a network has no rules,
// otherwise from ValidatorRegistry, read anew whenever a committed block changed it.
import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem";
import { knownValidatorsMax, validatorsPageMax } from "../config/limits.ts";
import type { ExecutedBlock, StateView } from "../execution/engine.ts";
import { Address, PeerIndex } from "../types/brands.ts";
import type { Genesis, GenesisValidator } from "../types/genesis.ts";
import { bytesOf } from "../types/hex.ts";
import type { PeerDirectory } from "./seats.ts";

const abi = parseAbi([
  "struct Validator { address account; uint32 organisation; address owner; string name; bytes peerKey; string[] addresses; uint64 from; uint64 until; }",
  "function validators(uint256 from, uint256 count) view returns (Validator[])",
]);
const callGasLimit = 100_000_000;
const nobody = Address(`0x${"0".repeat(40)}`);
/** Stands in the place of an entry that cannot be read: nobody is reached by it. */
const unreadable: GenesisValidator = {
  name: "unreadable",
  address: nobody,
  peerKey: "0x",
  addresses: [],
  organisation: 0,
};

export class ValidatorDirectory implements PeerDirectory {
  readonly #registry: Address | undefined;
  #entries: readonly GenesisValidator[];
  #peers: ReadonlyMap<Address, PeerIndex>;

  constructor(genesis: Pick<Genesis, "validators" | "contracts">) {
    this.#registry = genesis.contracts.ValidatorRegistry;
    this.#entries = genesis.validators;
    this.#peers = peersOf(this.#entries);
  }

  /** In the order of admission: the position is the PeerIndex. */
  get entries(): readonly GenesisValidator[] {
    return this.#entries;
  }

  peerOf(address: Address): PeerIndex | undefined {
    return this.#peers.get(address);
  }

  addressOf(peer: PeerIndex): Address | undefined {
    return this.#entries[peer]?.address;
  }

  entryOf(address: Address): GenesisValidator | undefined {
    const peer = this.peerOf(address);
    return peer === undefined ? undefined : this.#entries[peer];
  }

  /** Did the block do anything to the registry? */
  concerns({ receipts }: Pick<ExecutedBlock, "receipts">): boolean {
    const registry = this.#registry;
    return registry !== undefined && receipts.some(({ logs }) => logs.some(({ address }) => address === registry));
  }

  /** Reads the registry of a committed state. */
  async refresh(state: Pick<StateView, "call">): Promise<void> {
    if (this.#registry === undefined) return;
    const entries: GenesisValidator[] = [];
    while (entries.length < knownValidatorsMax) {
      const page = await this.#pageOrEach(state, entries.length);
      entries.push(...page);
      if (page.length < validatorsPageMax) break;
    }
    this.#entries = entries;
    this.#peers = peersOf(entries);
  }

  /** Entries are their owners' to write: one that is too long to be read must not hide the others. */
  async #pageOrEach(state: Pick<StateView, "call">, from: number): Promise<readonly GenesisValidator[]> {
    const page = await this.#page(state, from, validatorsPageMax);
    if (page !== undefined) return page;
    const each: GenesisValidator[] = [];
    for (let i = 0; i < validatorsPageMax; i++) {
      const [entry] = (await this.#page(state, from + i, 1)) ?? [unreadable];
      if (entry === undefined) break;
      each.push(entry);
    }
    return each;
  }

  async #page(
    state: Pick<StateView, "call">,
    from: number,
    count: number,
  ): Promise<readonly GenesisValidator[] | undefined> {
    const args = [BigInt(from), BigInt(count)] as const;
    const data = bytesOf(encodeFunctionData({ abi, functionName: "validators", args }));
    const request = { from: nobody, to: this.#registry, data, value: 0n, gasLimit: callGasLimit };
    const { success, returnData } = await state.call(request);
    if (!success) return undefined;
    const read = decodeFunctionResult({
      abi,
      functionName: "validators",
      data: `0x${Buffer.from(returnData).toString("hex")}`,
    });
    return read.map(({ account, organisation, name, peerKey, addresses }) => ({
      name,
      address: Address(account.toLowerCase()),
      peerKey,
      addresses,
      organisation,
    }));
  }
}

const peersOf = (entries: readonly GenesisValidator[]): ReadonlyMap<Address, PeerIndex> =>
  new Map(entries.map(({ address }, i) => [address, PeerIndex(i)]));
