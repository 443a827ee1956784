// What calls cost: every call of a scenario is sent through here and kept under the contract's and the function's name.
import type { BaseContract, ContractTransactionReceipt, FunctionFragment } from "ethers";
import { asContract, type RuleContracts, type Rules, type Signer } from "../fixture.ts";

export type ContractName = keyof RuleContracts;

/** Gas of a function's calls in a scenario, intrinsic gas included. */
export interface GasRow {
  readonly contract: ContractName;
  /** The function's name and types, and after a dash the case, where a function has several worth telling apart. */
  readonly call: string;
  readonly least: number;
  readonly most: number;
}

/** Whoever can send: an account, an agent's key, or a contract that the network lets speak. */
export type Sender = Pick<Signer, "address"> | { readonly address: string };

export class GasBook {
  readonly rules: Rules;
  readonly #gas: Map<string, number[]>;

  constructor(rules: Rules, gas = new Map<string, number[]>()) {
    this.rules = rules;
    this.#gas = gas;
  }

  /** The same book, for calls on other deployments of the contracts. */
  on(rules: Rules): GasBook {
    return new GasBook(rules, this.#gas);
  }

  /** Sends a call, which must succeed, and notes its gas. `name` is the function's, with types where it is overloaded. */
  async send(contract: ContractName, name: string, by: Sender, ...args: readonly unknown[]): Promise<unknown> {
    return await this.sendCase(undefined, contract, name, by, ...args);
  }

  /** As `send`, in a row of its own. */
  async sendCase(
    label: string | undefined,
    contract: ContractName,
    name: string,
    by: Sender,
    ...args: readonly unknown[]
  ) {
    const target = this.rules.contracts[contract] as unknown as BaseContract;
    const method = target.connect(by as never).getFunction(name);
    const receipt = (await (await method.send(...args)).wait()) as ContractTransactionReceipt;
    this.#note(contract, method.fragment, receipt.gasUsed, label);
    return receipt;
  }

  /** As another contract: modules call each other's functions. */
  async sendAs(caller: ContractName, contract: ContractName, name: string, ...args: readonly unknown[]) {
    return await this.send(contract, name, await asContract(this.rules, this.rules.at[caller]), ...args);
  }

  /** Notes what a view costs when it is called as a transaction. */
  async view(contract: ContractName, fragment: FunctionFragment, args: readonly unknown[]): Promise<void> {
    const target = this.rules.contracts[contract] as unknown as BaseContract;
    const gas = await target
      .connect(this.rules.operator)
      .getFunction(fragment)
      .estimateGas(...args);
    this.#note(contract, fragment, gas);
  }

  has(contract: ContractName, fragment: FunctionFragment): boolean {
    return this.#gas.has(`${contract} ${fragment.format("sighash")}`);
  }

  rows(): GasRow[] {
    return [...this.#gas]
      .map(([key, gas]) => {
        const [contract, ...call] = key.split(" ");
        return {
          contract: contract as ContractName,
          call: call.join(" "),
          least: Math.min(...gas),
          most: Math.max(...gas),
        };
      })
      .sort((a, b) => (`${a.contract} ${a.call}` < `${b.contract} ${b.call}` ? -1 : 1));
  }

  #note(contract: ContractName, fragment: FunctionFragment, gas: bigint, label?: string): void {
    const key = `${contract} ${fragment.format("sighash")}${label === undefined ? "" : ` - ${label}`}`;
    this.#gas.set(key, [...(this.#gas.get(key) ?? []), Number(gas)]);
  }
}
