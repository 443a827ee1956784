// Every validator ever admitted, with what the network needs to reach it: from genesis where a network has no rules,
// otherwise from ValidatorRegistry, read anew whenever a committed block changed it.
import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem";
import { knownValidatorsMax, validatorsPageMax } from "../config/limits.ts";
import type { ExecutedBlock, StateView } from "../execution/engine.ts";
import { Address, PeerIndex } from "../types/brands.ts";
import { InvariantError } from "../types/errors.ts";
import type { Genesis, GenesisValidator } from "../types/genesis.ts";
import { bytesOf } from "../types/hex.ts";
import type { PeerDirectory } from "./seats.ts";

const abi = parseAbi([
  "struct Validator { address account; uint32 organisation; address owner; string name; bytes peerKey; string[] addresses; uint64 from; uint64 until; }",
  "function validators(uint256 from, uint256 count) view returns (Validator[])",
]);
const callGasLimit = 100_000_000;
const nobody = Address(`0x${"0".repeat(40)}`);

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
      const page = await this.#page(state, entries.length);
      entries.push(...page);
      if (page.length < validatorsPageMax) break;
    }
    this.#entries = entries;
    this.#peers = peersOf(entries);
  }

  async #page(state: Pick<StateView, "call">, from: number): Promise<readonly GenesisValidator[]> {
    const args = [BigInt(from), BigInt(validatorsPageMax)] as const;
    const data = bytesOf(encodeFunctionData({ abi, functionName: "validators", args }));
    const request = { from: nobody, to: this.#registry, data, value: 0n, gasLimit: callGasLimit };
    const { success, returnData, error } = await state.call(request);
    if (!success)
      throw new InvariantError("REGISTRY_UNREADABLE", { error }, `ValidatorRegistry does not answer: ${error}`);
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
