// Messages on the interpreter of @ethereumjs/evm as it is. It takes an asynchronous step for every instruction and is
// an order of magnitude slower than our own loop; it is kept as an independent second opinion, for comparing and for
// a validator that wants another implementation than the rest.
import type { EVM, EVMResult } from "@ethereumjs/evm";
import { Address as EvmAddress } from "@ethereumjs/util";
import type { Address, Digest } from "../../types/brands.ts";
import { bytesToHex, hexToBytes } from "../bytes.ts";
import type { JournaledState } from "../state/journaledState.ts";
import { BlockHashes, createEvm, evmBlockOf } from "./evm.ts";
import { FlatStateManager } from "./flatStateManager.ts";
import {
  afterRefund,
  type BlockEnvironment,
  type MessageResult,
  type MessageRunner,
  type TopMessage,
} from "./messageRunner.ts";

export class StockRunner implements MessageRunner {
  readonly #evm: EVM;
  readonly #stateManager = new FlatStateManager();
  readonly #blockHashes = new BlockHashes();

  constructor(chainId: number) {
    this.#evm = createEvm(chainId, this.#stateManager, this.#blockHashes);
  }

  isPrecompile(address: Address): boolean {
    return this.#evm.precompiles.has(address.slice(2));
  }

  async run(
    state: JournaledState,
    environment: BlockEnvironment,
    message: TopMessage,
    intrinsic: number,
  ): Promise<MessageResult> {
    this.#stateManager.use(state);
    this.#blockHashes.use(environment.executionHashAt);
    this.#warm(environment, message);
    const to = message.to && new EvmAddress(hexToBytes(message.to));
    const result = await this.#evm.runCall({
      block: evmBlockOf(environment),
      gasPrice: 0n,
      caller: new EvmAddress(hexToBytes(message.from)),
      gasLimit: BigInt(message.gasLimit - intrinsic),
      ...(to && { to }),
      value: message.value,
      // A plain array: the EVM relies on slices being copies, which a Buffer's are not.
      data: new Uint8Array(message.data.buffer, message.data.byteOffset, message.data.length),
    });
    const { selfdestruct, createdAddresses } = result.execResult;
    for (const address of selfdestruct?.keys() ?? []) {
      if (createdAddresses?.has(address)) state.removeAccount(address as Address);
    }
    await this.#evm.journal.cleanup();
    state.endTransaction();
    return summary(result, message, intrinsic);
  }

  async close(): Promise<void> {}

  /** EIP-2929, EIP-2930 and EIP-3651: what a transaction may touch at the warm price from its start. */
  #warm(environment: BlockEnvironment, message: TopMessage): void {
    const { journal } = this.#evm;
    for (const precompile of this.#evm.precompiles.keys()) journal.addAlwaysWarmAddress(precompile);
    journal.addAlwaysWarmAddress(message.from);
    if (message.to !== undefined) journal.addAlwaysWarmAddress(message.to);
    journal.addAlwaysWarmAddress(environment.coinbase);
    for (const { address, storageKeys } of message.accessList) {
      journal.addAlwaysWarmAddress(address);
      for (const key of storageKeys) journal.addAlwaysWarmSlot(address, key);
    }
  }
}

function summary(result: EVMResult, message: TopMessage, intrinsic: number): MessageResult {
  const { execResult } = result;
  const failed = execResult.exceptionError !== undefined;
  const spent = Number(execResult.executionGasUsed) + intrinsic;
  return {
    error: execResult.exceptionError?.error,
    gasUsed: afterRefund(spent, Number(execResult.gasRefund ?? 0n)),
    returnData: execResult.returnValue,
    logs: (execResult.logs ?? []).map(([address, topics, data]) => ({
      address: bytesToHex(address) as Address,
      topics: topics.map((topic) => bytesToHex(topic) as Digest),
      data,
    })),
    contractAddress:
      message.to === undefined && !failed && result.createdAddress !== undefined
        ? (bytesToHex(result.createdAddress.bytes) as Address)
        : undefined,
  };
}
