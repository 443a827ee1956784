import { findBlock } from "../blockReference.ts";
import { formatBlock, formatReceipts, formatTransaction, quantityOf } from "../format.ts";
import { type Caller, type Method, method, type Parameter, parameter } from "../method.ts";
import { optional } from "../schema.ts";
import { type BlockReference, block, blockNumber, boolean, byBlockHash, quantity } from "../values.ts";

function transactionCount({ node }: Caller, reference: BlockReference) {
  const found = findBlock(node.backend, reference);
  return found === undefined ? null : quantityOf(found.transactions.length);
}

function uncleCount({ node }: Caller, reference: BlockReference) {
  return findBlock(node.backend, reference) === undefined ? null : "0x0";
}

function wholeBlock({ node }: Caller, reference: BlockReference, full: boolean) {
  const found = findBlock(node.backend, reference);
  return found === undefined ? null : formatBlock(found, full);
}

function transactionAt({ node }: Caller, reference: BlockReference, index: number) {
  const found = findBlock(node.backend, reference);
  const transaction = found?.transactions[index];
  if (found === undefined || transaction === undefined) return null;
  return formatTransaction(transaction, { block: found, index });
}

/** The methods that come twice: `…ByNumber` with a number or tag, `…ByHash` with an execution hash. */
function byNumberAndHash(suffix: "Number" | "Hash", which: Parameter<BlockReference>): Method[] {
  const index = parameter("index", quantity);
  return [
    method(`eth_getBlockBy${suffix}`, [which, parameter("fullTransactions", optional(boolean, false))], wholeBlock),
    method(`eth_getBlockTransactionCountBy${suffix}`, [which], transactionCount),
    method(`eth_getTransactionByBlock${suffix}AndIndex`, [which, index], transactionAt),
    method(`eth_getUncleCountByBlock${suffix}`, [which], uncleCount),
    method(`eth_getUncleByBlock${suffix}AndIndex`, [which, index], () => null),
  ];
}

export const blockMethods: readonly Method[] = [
  method("eth_blockNumber", [], ({ node }) => quantityOf(node.backend.engine.chain.height)),
  ...byNumberAndHash("Number", parameter("block", blockNumber)),
  ...byNumberAndHash("Hash", parameter("blockHash", byBlockHash)),
  method("eth_getBlockReceipts", [parameter("block", block)], ({ node }, reference) => {
    const found = findBlock(node.backend, reference);
    return found === undefined ? null : formatReceipts(found);
  }),
];
