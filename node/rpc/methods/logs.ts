import type { Changes, LogCriteria } from "../filters.ts";
import { formatLog } from "../format.ts";
import { logCriteriaOf, logMatchOf, logQueryOf } from "../logCriteria.ts";
import { queryLogs } from "../logQuery.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { invalidParametersCode, RpcError, serverErrorCode } from "../rpcError.ts";
import { optional, type Schema } from "../schema.ts";
import type { Session } from "../session.ts";
import type { Topic } from "../subscriptions.ts";
import { boolean, identifier, logFilter, oneOf, receiptFilter } from "../values.ts";

const filter = parameter("filter", logFilter);
const filterId = parameter("filterId", identifier);

const formatChanges = (changes: Changes) => (changes.kind === "hashes" ? changes.hashes : changes.logs.map(formatLog));

async function logsOf({ node: { backend } }: Caller, criteria: LogCriteria) {
  const query = logQueryOf(backend, criteria);
  return query === undefined ? [] : (await queryLogs(backend.engine.chain, query)).map(formatLog);
}

const topicKinds = oneOf("newHeads", "logs", "newPendingTransactions", "transactionReceipts");

/** The second parameter's meaning depends on the first. */
const anything: Schema<unknown> = { expects: "options of the subscription", parse: (value) => value };

function topicOf(kind: Topic["kind"], options: unknown): Topic {
  switch (kind) {
    case "newHeads":
      if (options !== undefined && options !== null)
        throw new RpcError(invalidParametersCode, "options must be missing for newHeads");
      return { kind };
    case "logs":
      return {
        kind,
        filter: logMatchOf(optional(logFilter, logFilter.parse({}, "options")).parse(options, "options")),
      };
    case "newPendingTransactions":
      return { kind, full: optional(boolean, false).parse(options, "options") };
    case "transactionReceipts": {
      const hashes = optional(receiptFilter).parse(options, "options")?.transactionHashes;
      return { kind, hashes: hashes === undefined ? undefined : new Set(hashes) };
    }
  }
}

function requireSession({ session }: Caller): Session {
  if (session !== undefined) return session;
  throw new RpcError(serverErrorCode, "subscriptions need a WebSocket connection; over HTTP use eth_newFilter");
}

export const logMethods: readonly Method[] = [
  method("eth_getLogs", [filter], (caller, given) => logsOf(caller, logCriteriaOf(caller.node.backend, given))),
  method("eth_newFilter", [filter], ({ node }, given) =>
    node.filters.create({ kind: "log", criteria: logCriteriaOf(node.backend, given) }),
  ),
  method("eth_newBlockFilter", [], ({ node }) => node.filters.create({ kind: "block" })),
  method("eth_newPendingTransactionFilter", [], ({ node }) => node.filters.create({ kind: "pending" })),
  method("eth_getFilterChanges", [filterId], ({ node }, id) => formatChanges(node.filters.changes(id))),
  method("eth_getFilterLogs", [filterId], (caller, id) => logsOf(caller, caller.node.filters.criteria(id))),
  method("eth_uninstallFilter", [filterId], ({ node }, id) => node.filters.remove(id)),
  method("eth_subscribe", [parameter("kind", topicKinds), parameter("options", anything)], (caller, kind, options) => {
    const topic = topicOf(kind, options);
    return caller.node.subscriptions.add(requireSession(caller), topic);
  }),
  method("eth_unsubscribe", [parameter("subscriptionId", identifier)], (caller, id) =>
    caller.node.subscriptions.remove(requireSession(caller), id),
  ),
];
