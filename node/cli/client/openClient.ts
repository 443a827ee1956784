// From the flags of a verb to a client, and from what can go wrong on the way to sentences for a person.
import { BaseError, RpcRequestError } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type AllotClient, createAllotClient, readyNodes } from "../../../sdk/index.ts";
import { nodeAnswerOf } from "../../../sdk/transactions/nodeAnswer.ts";
import { readKeyFile } from "../../crypto/keyFile.ts";
import { AllotError } from "../../types/errors.ts";
import { readPassphrase } from "../loadNode.ts";
import type { ClientFlags } from "./verb.ts";

/** How long a node may think about one request. */
const requestTimeoutMs = 15_000;
/** How long a verb waits for a node to be ready before it takes what there is. */
const readyWaitMs = 5_000;
/** How long a verb keeps trying while no node takes its transaction: a person waits for it. */
const sendTimeoutMs = 10_000;

/** @throws AllotError KEY_MISSING, NO_RULES, or what a key file has wrong */
export async function openClient(flags: ClientFlags, writes: boolean): Promise<AllotClient> {
  const account = writes ? accountOfKeyFile(flags.keyFile, flags.passphraseFile) : undefined;
  const takeBehind = (urls: readonly string[]): void => {
    const text = `no node is ready at ${urls.join(", ")} (it catches up, or reaches no quorum): what it says may be old`;
    process.stderr.write(`allot: ${text}\n`);
  };
  const client = createAllotClient({
    transport: readyNodes(flags.rpcUrl, { timeoutMs: requestTimeoutMs, waitMs: readyWaitMs, takeBehind }),
    sendTimeoutMs,
    ...(account === undefined ? {} : { account }),
  });
  // Asked before anything else, so that a wrong address is told as such and not by what fails first.
  const code = await client.getCode({ address: client.allot.rules.taskMarket });
  if (code === undefined || code === "0x") {
    const url = flags.rpcUrl.join(", ");
    throw new AllotError(
      "NO_RULES",
      { url },
      `${url} has no rules at their addresses: it is a bare network or another chain; name a node of an Allot network with --rpc-url`,
    );
  }
  return client;
}

/** @throws AllotError KEY_MISSING, or what the file has wrong */
export function accountOfKeyFile(keyFile: string | undefined, passphraseFile: string | undefined): PrivateKeyAccount {
  if (keyFile === undefined || keyFile === "") {
    throw new AllotError(
      "KEY_MISSING",
      {},
      'this needs a key to sign with: name its file with --key-file or ALLOT_KEY_FILE ("allot keys generate FILE" makes one)',
    );
  }
  const key = readKeyFile(keyFile, readPassphrase(passphraseFile));
  return privateKeyToAccount(`0x${Buffer.from(key).toString("hex")}`);
}

/** A node that does not answer fails somewhere inside viem; here it becomes a sentence. Other errors stay. */
export function explained(error: unknown, urls: readonly string[]): unknown {
  if (error instanceof AllotError) return error;
  const answer = nodeAnswerOf(error);
  const url = urls.join(", ");
  if (answer === "unreachable") {
    const message = `no node answers at ${url}: start a network ("allot devnet" runs one here), or name another node with --rpc-url`;
    return new AllotError("NODE_UNREACHABLE", { url }, message, { cause: error });
  }
  const refusal = refusalIn(error);
  if (refusal === undefined) return error;
  const message = `${url} refuses the request: ${refusal.details}`;
  return new AllotError("NODE_REFUSED", { url, code: refusal.code }, message, { cause: error });
}

/** What a node answered when it answered with an error. */
function refusalIn(error: unknown): RpcRequestError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  return (error.walk((inner) => inner instanceof RpcRequestError) ?? undefined) as RpcRequestError | undefined;
}
