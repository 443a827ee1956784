import { keccak256Hex } from "../../crypto/keccak.ts";
import { quantityOf } from "../format.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { RpcError, serverErrorCode } from "../rpcError.ts";
import { data } from "../values.ts";

function syncing({ node: { backend } }: Caller) {
  const { phase, highestFinalized } = backend.consensus();
  if (phase === "running" || phase === "stopped") return false;
  const current = quantityOf(backend.engine.chain.height);
  return { startingBlock: current, currentBlock: current, highestBlock: quantityOf(highestFinalized) };
}

function coinbase({ node: { backend } }: Caller) {
  const { validatorAddress } = backend.consensus();
  if (validatorAddress !== undefined) return validatorAddress;
  throw new RpcError(serverErrorCode, "this node is no validator and proposes no blocks");
}

const connectedPeers = ({ node: { backend } }: Caller) => backend.peers().filter((peer) => peer.connected).length;

export const networkMethods: readonly Method[] = [
  method("eth_chainId", [], ({ node }) => quantityOf(node.backend.genesis.chainId)),
  method("eth_syncing", [], syncing),
  method("eth_coinbase", [], coinbase),
  /** The node holds no accounts' keys: clients sign. */
  method("eth_accounts", [], () => []),
  method("eth_mining", [], () => false),
  method("eth_hashrate", [], () => "0x0"),
  method("net_version", [], ({ node }) => node.backend.genesis.chainId.toString()),
  method("net_listening", [], () => true),
  method("net_peerCount", [], (caller) => quantityOf(connectedPeers(caller))),
  method(
    "web3_clientVersion",
    [],
    ({ node }) => `Allot/v${node.backend.version}/${process.platform}-${process.arch}/node${process.version}`,
  ),
  method("web3_sha3", [parameter("data", data)], (_, bytes) => keccak256Hex(bytes)),
];
