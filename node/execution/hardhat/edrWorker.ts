// Hardhat's EVM in a worker thread of the node's process. It answers one request at a time; the thread that asks
// sleeps until the answer is there, so that reading this state is as synchronous as reading our own. One thread serves
// the whole process and is never ended, because Hardhat's EVM allows one context and does not survive its thread.
import { type MessagePort, workerData } from "node:worker_threads";
import {
  CANCUN,
  ContractDecoder,
  EdrContext,
  GENERIC_CHAIN_TYPE,
  genericChainProviderFactory,
  MineOrdering,
  type Provider,
} from "@nomicfoundation/edr";
import { unreachable } from "../../types/errors.ts";

/** What the thread is started with. */
export interface EdrWorkerData {
  /** Int32: 0 while the answer is awaited, 1 when it has been posted. */
  readonly signal: SharedArrayBuffer;
  /** An `EdrRequest` comes in, an `EdrAnswer` for each goes out. */
  readonly port: MessagePort;
}

/** A fresh chain, of which only genesis exists. */
export interface EdrChainSettings {
  readonly chainId: number;
  readonly blockGasLimit: number;
  readonly genesisTimestamp: number;
  readonly accounts: readonly {
    readonly address: Uint8Array;
    readonly balance: bigint;
    readonly nonce: bigint;
    readonly code: Uint8Array;
  }[];
}

export type EdrRequest =
  | { readonly kind: "open"; readonly chain: number; readonly settings: EdrChainSettings }
  | { readonly kind: "ask"; readonly chain: number; readonly json: string }
  | { readonly kind: "close"; readonly chain: number };

/** A JSON-RPC answer (undefined to `open` and `close`), or why there is none. */
export type EdrAnswer =
  | { readonly kind: "answer"; readonly json: unknown }
  | { readonly kind: "failure"; readonly message: string };

const { port, signal } = workerData as EdrWorkerData;
const answered = new Int32Array(signal);
const providers = new Map<number, Provider>();
const context = createContext();

async function createContext(): Promise<EdrContext> {
  const created = new EdrContext();
  await created.registerProviderFactory(GENERIC_CHAIN_TYPE, genericChainProviderFactory());
  return created;
}

async function createProvider(settings: EdrChainSettings): Promise<Provider> {
  const { chainId, blockGasLimit, genesisTimestamp, accounts } = settings;
  return (await context).createProvider(
    GENERIC_CHAIN_TYPE,
    {
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: false,
      bailOnTransactionFailure: false,
      chainId: BigInt(chainId),
      coinbase: new Uint8Array(20),
      defaultTransactionGasLimit: BigInt(blockGasLimit),
      genesisState: accounts.map((account) => ({ ...account })),
      hardfork: CANCUN,
      initialBaseFeePerGas: 0n,
      initialParentBeaconBlockRoot: new Uint8Array(32),
      minGasPrice: 0n,
      mining: { autoMine: false, blockGasLimit: BigInt(blockGasLimit), memPool: { order: MineOrdering.Fifo } },
      network: { genesisBlockGasLimit: BigInt(blockGasLimit), genesisBlockTime: BigInt(genesisTimestamp) },
      networkId: BigInt(chainId),
      observability: {},
      ownedAccounts: [],
      precompileOverrides: [],
      transactionGasCap: false,
    },
    { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => undefined },
    { subscriptionCallback: () => undefined },
    new ContractDecoder(),
  );
}

async function serve(request: EdrRequest): Promise<unknown> {
  switch (request.kind) {
    case "open":
      providers.set(request.chain, await createProvider(request.settings));
      return undefined;
    case "ask": {
      const response = await providers.get(request.chain)?.handleRequest(request.json);
      return typeof response?.data === "string" ? JSON.parse(response.data) : response?.data;
    }
    case "close":
      providers.delete(request.chain);
      return undefined;
    default:
      return unreachable(request);
  }
}

async function answer(request: EdrRequest): Promise<EdrAnswer> {
  try {
    return { kind: "answer", json: await serve(request) };
  } catch (failure) {
    return { kind: "failure", message: String(failure) };
  }
}

port.on("message", (request: EdrRequest) => {
  void answer(request).then((result) => {
    port.postMessage(result);
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});
