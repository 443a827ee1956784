import { blocksPerTurnMax, feeHistoryBlocksMax, feeHistoryPercentilesMax } from "../../config/limits.ts";
import { Height } from "../../types/brands.ts";
import { requireBlock } from "../blockReference.ts";
import { quantityOf } from "../format.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { invalidParametersCode, RpcError } from "../rpcError.ts";
import { arrayOf, optional, scalar } from "../schema.ts";
import { type BlockReference, blockNumber, countOrQuantity } from "../values.ts";

const percentile = scalar("a number from 0 to 100", (value) =>
  typeof value === "number" && value >= 0 && value <= 100 ? value : undefined,
);

/** Nobody pays for gas here, so all that varies is how full the blocks were. */
async function feeHistory(
  { node: { backend } }: Caller,
  blockCount: number,
  newest: BlockReference,
  percentiles: readonly number[] | undefined,
) {
  if (blockCount > feeHistoryBlocksMax) {
    throw new RpcError(invalidParametersCode, `blockCount must be at most ${feeHistoryBlocksMax}, not ${blockCount}`);
  }
  if (percentiles?.some((each, index) => index > 0 && each < (percentiles[index - 1] ?? 0))) {
    throw new RpcError(invalidParametersCode, "rewardPercentiles must be in ascending order");
  }
  const last = requireBlock(backend, newest).context.height;
  const first = Math.max(0, last - blockCount + 1);
  const gasUsedRatio: number[] = [];
  for (let height = first; height <= last; height++) {
    if ((height - first) % blocksPerTurnMax === blocksPerTurnMax - 1)
      await new Promise((resolve) => setImmediate(resolve));
    const header = backend.engine.chain.blockAt(Height(height))?.header;
    gasUsedRatio.push(header === undefined ? 0 : header.gasUsed / header.gasLimit);
  }
  const zeros = (length: number) => Array.from({ length }, () => "0x0");
  return {
    oldestBlock: quantityOf(first),
    baseFeePerGas: zeros(gasUsedRatio.length + 1),
    gasUsedRatio,
    baseFeePerBlobGas: zeros(gasUsedRatio.length + 1),
    blobGasUsedRatio: gasUsedRatio.map(() => 0),
    ...(percentiles === undefined ? {} : { reward: gasUsedRatio.map(() => zeros(percentiles.length)) }),
  };
}

export const feeMethods: readonly Method[] = [
  method("eth_gasPrice", [], () => "0x0"),
  method("eth_maxPriorityFeePerGas", [], () => "0x0"),
  method("eth_blobBaseFee", [], () => "0x0"),
  method(
    "eth_feeHistory",
    [
      parameter("blockCount", countOrQuantity),
      parameter("newestBlock", blockNumber),
      parameter("rewardPercentiles", optional(arrayOf(percentile, feeHistoryPercentilesMax))),
    ],
    feeHistory,
  ),
];
