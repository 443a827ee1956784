import type { Address, Digest, Height, Hex } from "../../types/brands.ts";
import { bigIntToWordHex, bytesToHex, hexToBytes, noBytes } from "../bytes.ts";
import type { AccountProof, CallRequest, CallResult, StateView } from "../engine.ts";
import { leastGas } from "../leastGas.ts";
import { type EdrClient, EdrError } from "./edrClient.ts";

interface RpcProof {
  readonly balance: Hex;
  readonly nonce: Hex;
  readonly codeHash: Digest;
  readonly storageHash: Digest;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly key: Hex; readonly value: Hex; readonly proof: readonly Hex[] }[];
}

interface RpcTrace {
  readonly failed: boolean;
  readonly gas: Hex | number;
  readonly returnValue: string;
}

/** The state after one block, read from Hardhat's EVM. */
export class EdrStateView implements StateView {
  readonly digest: Digest;
  readonly height: Height;
  readonly #clientAtBlock: () => EdrClient;
  readonly #tag: Hex;

  /** @param clientAtBlock makes sure that the block is on the EVM's present branch */
  constructor(digest: Digest, height: Height, clientAtBlock: () => EdrClient) {
    this.digest = digest;
    this.height = height;
    this.#clientAtBlock = clientAtBlock;
    this.#tag = `0x${height.toString(16)}`;
  }

  nonceOf(address: Address): number {
    return Number(this.#clientAtBlock().request<Hex>("eth_getTransactionCount", [address, this.#tag]));
  }

  balanceOf(address: Address): bigint {
    return BigInt(this.#clientAtBlock().request<Hex>("eth_getBalance", [address, this.#tag]));
  }

  codeOf(address: Address): Uint8Array {
    return hexToBytes(this.#clientAtBlock().request<Hex>("eth_getCode", [address, this.#tag]));
  }

  storageAt(address: Address, slot: Uint8Array): Uint8Array {
    return hexToBytes(this.#clientAtBlock().request<Hex>("eth_getStorageAt", [address, bytesToHex(slot), this.#tag]));
  }

  async call(request: CallRequest): Promise<CallResult> {
    // Traced calls are not asked for the balance.
    if (this.balanceOf(request.from) < request.value) return refusal("insufficient balance");
    const options = { disableMemory: true, disableStack: true, disableStorage: true };
    try {
      const parameters = [parametersOf(request), this.#tag, options];
      const trace = this.#clientAtBlock().request<RpcTrace>("debug_traceCall", parameters);
      const hex = trace.returnValue.startsWith("0x") ? (trace.returnValue as Hex) : (`0x${trace.returnValue}` as Hex);
      const returnData = hexToBytes(hex);
      // The trace says no more than that it failed; only a revert returns data or leaves gas.
      const error = trace.failed ? (Number(trace.gas) >= request.gasLimit ? "out of gas" : "revert") : undefined;
      return { success: !trace.failed, returnData, gasUsed: Number(trace.gas), error };
    } catch (failure) {
      return failed(failure);
    }
  }

  async estimateGas(request: CallRequest): Promise<CallResult> {
    // Not eth_estimateGas, which stops searching when it is near.
    return leastGas(request, (probe) => this.call(probe));
  }

  async proof(address: Address, slots: readonly Hex[]): Promise<AccountProof> {
    const words = slots.map((slot) => bigIntToWordHex(BigInt(slot)));
    const proof = this.#clientAtBlock().request<RpcProof>("eth_getProof", [address, words, this.#tag]);
    return {
      address,
      account: {
        nonce: Number(proof.nonce),
        balance: BigInt(proof.balance),
        codeHash: proof.codeHash,
        storageRoot: proof.storageHash,
      },
      accountProof: proof.accountProof,
      storageProof: slots.map((key, index) => ({
        key,
        value: BigInt(proof.storageProof[index]?.value ?? "0x0"),
        proof: proof.storageProof[index]?.proof ?? [],
      })),
    };
  }
}

function parametersOf(request: CallRequest) {
  return {
    from: request.from,
    ...(request.to !== undefined && { to: request.to }),
    data: bytesToHex(request.data),
    value: `0x${request.value.toString(16)}`,
    gas: `0x${request.gasLimit.toString(16)}`,
  };
}

/** The EVM refuses a call that cannot even start, for example for want of balance. */
function failed(failure: unknown): CallResult {
  if (!(failure instanceof EdrError)) throw failure;
  return refusal(failure.message);
}

const refusal = (error: string): CallResult => ({ success: false, returnData: noBytes, gasUsed: 0, error });
