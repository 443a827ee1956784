import { createHash } from "node:crypto";
import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { EVM, EVMError, type EVMInterface, NobleBN254, type PrecompileInput } from "@ethereumjs/evm";
import { Address as EvmAddress } from "@ethereumjs/util";
import { keccak256 } from "../../crypto/keccak.ts";
import { secp256k1 } from "../../crypto/secp256k1.ts";
import { hexToBytes } from "../bytes.ts";
import type { FlatStateManager } from "./flatStateManager.ts";
import type { BlockEnvironment } from "./messageRunner.ts";

const pointEvaluation = new EvmAddress(hexToBytes(`0x${"0a".padStart(40, "0")}`));
const zeroWord = new Uint8Array(32);

/** `ecrecover` of the precompile at 0x01 by the native library; v is 27 or 28, checked by the caller. */
function recoverPublicKey(hash: Uint8Array, v: bigint, r: Uint8Array, s: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(r);
  signature.set(s, 32);
  return secp256k1.ecdsaRecover(signature, Number(v) - 27, hash, false).subarray(1);
}

/** EIP-4844's point evaluation. There are no blobs on this ledger, so no proof about one verifies. */
function refusePointEvaluation(input: PrecompileInput) {
  return {
    returnValue: new Uint8Array(0),
    executionGasUsed: input.gasLimit,
    exceptionError: new EVMError(EVMError.errorMessages.INVALID_PROOF),
  };
}

export class BlockHashes {
  #executionHashAt: BlockEnvironment["executionHashAt"] = () => undefined;

  use(executionHashAt: BlockEnvironment["executionHashAt"]): void {
    this.#executionHashAt = executionHashAt;
  }

  async getBlock(height: number): Promise<{ hash: () => Uint8Array }> {
    const hash = this.#executionHashAt(height);
    return { hash: () => (hash === undefined ? zeroWord : hexToBytes(hash)) };
  }

  async putBlock(): Promise<void> {}

  shallowCopy(): BlockHashes {
    return new BlockHashes();
  }
}

/** A Cancun EVM over the flat state, with native cryptography. */
export function createEvm(chainId: number, stateManager: FlatStateManager, blockchain: BlockHashes): EVM {
  const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
  const customCrypto = { keccak256, sha256, ecrecover: recoverPublicKey };
  const common = createCustomCommon({ chainId }, Mainnet, { hardfork: Hardfork.Cancun, customCrypto });
  return new EVM({
    common,
    stateManager,
    blockchain,
    bn254: new NobleBN254(),
    customPrecompiles: [{ address: pointEvaluation, function: refusePointEvaluation }],
  });
}

type EvmBlock = NonNullable<Parameters<EVMInterface["runCall"]>[0]["block"]>;

export function evmBlockOf(environment: BlockEnvironment): EvmBlock {
  return {
    header: {
      number: BigInt(environment.number),
      coinbase: new EvmAddress(hexToBytes(environment.coinbase)),
      timestamp: BigInt(environment.timestamp),
      difficulty: 0n,
      prevRandao: hexToBytes(environment.prevRandao),
      gasLimit: BigInt(environment.gasLimit),
      baseFeePerGas: 0n,
      slotNumber: 0n,
      getBlobGasPrice: () => 1n,
    },
  };
}
