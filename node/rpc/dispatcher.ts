// From the text of a JSON-RPC 2.0 request to the text of its answer, whatever carries it. Never throws: a defect of
// ours is answered with −32603 and handed to `onDefect`.
import { rpcBatchCallsMax, rpcCallsPerTurnMax } from "../config/limits.ts";
import type { Caller, Method } from "./method.ts";
import { parseRequest } from "./parseRequest.ts";
import {
  type ErrorObject,
  errorObjectOf,
  internalErrorCode,
  invalidParametersCode,
  invalidRequestCode,
  methodNotFoundCode,
  RpcError,
} from "./rpcError.ts";

type Id = string | number | null;

export interface DispatcherObserver {
  /** After each call; `code` undefined for success. `method` is "unknown" for names that are not served. */
  onCall(method: string, code: number | undefined, caller: Caller, result?: unknown): void;
  /** An error that is neither the caller's nor the ledger's. */
  onDefect(method: string, error: unknown): void;
}

export class Dispatcher {
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #observer: DispatcherObserver;

  constructor(methods: readonly Method[], observer: DispatcherObserver) {
    this.#methods = new Map(methods.map((each) => [each.name, each]));
    this.#observer = observer;
  }

  /** Undefined when there is nothing to answer: notifications only. */
  async answer(text: string, caller: Caller): Promise<string | undefined> {
    let request: unknown;
    try {
      request = parseRequest(text);
    } catch (error) {
      return this.#fail("unknown", null, error, caller);
    }
    return Array.isArray(request) ? this.#answerBatch(request, caller) : this.#answerOne(request, caller);
  }

  async #answerBatch(requests: readonly unknown[], caller: Caller): Promise<string | undefined> {
    if (requests.length === 0 || requests.length > rpcBatchCallsMax) {
      this.#observer.onCall("unknown", invalidRequestCode, caller);
      const message = `a batch must hold 1 to ${rpcBatchCallsMax} calls, not ${requests.length}`;
      return failure(null, { code: invalidRequestCode, message });
    }
    const answers: (string | undefined | Promise<string | undefined>)[] = [];
    for (const [index, request] of requests.entries()) {
      if (index > 0 && index % rpcCallsPerTurnMax === 0) await new Promise((resolve) => setImmediate(resolve));
      answers.push(this.#answerOne(request, caller));
    }
    const texts = (await Promise.all(answers)).filter((each) => each !== undefined);
    return texts.length === 0 ? undefined : `[${texts.join(",")}]`;
  }

  /** Without a promise where the method needs none: the path of every transaction. */
  #answerOne(request: unknown, caller: Caller): string | undefined | Promise<string | undefined> {
    const call = readCall(request);
    if ("code" in call) {
      this.#observer.onCall("unknown", call.code, caller);
      return failure(idOf(request), call);
    }
    const method = this.#methods.get(call.method);
    const name = method?.name ?? "unknown";
    const fail = (error: unknown) => this.#fail(name, call.id, error, caller);
    const succeed = (result: unknown) => {
      this.#observer.onCall(name, undefined, caller, result);
      return call.id === undefined ? undefined : success(call.id, result);
    };
    try {
      if (method === undefined) throw unknownMethod(call.method, this.#methods);
      const result = method.call(caller, call.parameters);
      return result instanceof Promise ? result.then(succeed).catch(fail) : succeed(result);
    } catch (error) {
      return fail(error);
    }
  }

  #fail(method: string, id: Id | undefined, error: unknown, caller: Caller): string | undefined {
    const known = errorObjectOf(error);
    if (known === undefined) this.#observer.onDefect(method, error);
    const object = known ?? {
      code: internalErrorCode,
      message: "internal error: this is a defect of the node; its log has the details",
    };
    this.#observer.onCall(method, object.code, caller);
    return id === undefined ? undefined : failure(id, object);
  }
}

interface Call {
  /** Undefined for a notification, which gets no answer. */
  readonly id: Id | undefined;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

function readCall(request: unknown): Call | ErrorObject {
  const refusal = (message: string) => ({ code: invalidRequestCode, message });
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return refusal("a request must be an object with jsonrpc, id, method and params");
  }
  const { jsonrpc, id, method, params } = request as Record<string, unknown>;
  if (jsonrpc !== "2.0") return refusal('jsonrpc must be "2.0"');
  if (typeof method !== "string") return refusal("method must be a string");
  if (id !== undefined && id !== null && typeof id !== "string" && typeof id !== "number") {
    return refusal("id must be a string, a number or null");
  }
  if (params !== undefined && !Array.isArray(params)) {
    return { code: invalidParametersCode, message: "params must be an array: parameters go by position here" };
  }
  return { id, method, parameters: params ?? [] };
}

/** The id of a request that is wrong elsewhere, so that its sender recognises the answer. */
function idOf(request: unknown): Id {
  const id = typeof request === "object" && request !== null ? (request as { id?: unknown }).id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

/** Longest unknown name that is repeated to its sender. */
const shownCharactersMax = 60;

function unknownMethod(name: string, methods: ReadonlyMap<string, Method>): RpcError {
  const namespace = name.split("_")[0] ?? "";
  const namespaces = [...new Set([...methods.keys()].map((each) => each.split("_")[0]))];
  const hint = namespaces.includes(namespace) ? "" : `; the namespaces here are ${namespaces.join(", ")}`;
  const message = `the method ${name.slice(0, shownCharactersMax)} does not exist or is not available${hint}`;
  return new RpcError(methodNotFoundCode, message);
}

const success = (id: Id, result: unknown) =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result ?? null)}}`;

const failure = (id: Id, error: ErrorObject) =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`;
