import type { IncomingMessage, ServerResponse } from "node:http";
import { rpcBodyBytesMax } from "../config/limits.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Intake } from "./intake.ts";
import type { Caller } from "./method.ts";
import { invalidRequestCode } from "./rpcError.ts";

const jsonType = { "content-type": "application/json" };
/** A request's id in logs: what the client sends as x-request-id, when it is one, and answers to it carry it back. */
const requestIdForm = /^[\w.:-]{1,64}$/;
let requestCount = 0;

function requestIdOf(request: IncomingMessage): { readonly id: string; readonly given: boolean } {
  const given = request.headers["x-request-id"];
  if (typeof given === "string" && requestIdForm.test(given)) return { id: given, given: true };
  requestCount++;
  return { id: `r${requestCount}`, given: false };
}

export interface HttpService {
  readonly dispatcher: Dispatcher;
  readonly caller: Caller;
  readonly intake: Intake;
}

/** Answers one POST. Errors of JSON-RPC come with status 200, since the request itself was served. */
export function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  { dispatcher, caller, intake }: HttpService,
): void {
  // A form on any web page can POST across origins, but not with this type: a browser's user is not our client.
  if (request.headers["content-type"]?.startsWith("application/json") !== true) {
    refuse(request, response, 415, 'send JSON-RPC with the header "content-type: application/json"');
    return;
  }
  const chunks: Buffer[] = [];
  let [bytes, taken] = [0, 0];
  response.once("close", () => intake.give(taken));
  request.on("data", (chunk: Buffer) => {
    if (response.headersSent) return;
    bytes += chunk.length;
    if (bytes > rpcBodyBytesMax) {
      refuse(request, response, 413, `a request may have ${rpcBodyBytesMax} bytes at most`);
    } else if (intake.take(chunk.length)) {
      taken += chunk.length;
      chunks.push(chunk);
    } else refuse(request, response, 503, "too many requests are being received at this moment: send it again later");
  });
  request.on("end", () => {
    if (response.headersSent) return;
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
    const { id, given } = requestIdOf(request);
    if (given) response.setHeader("x-request-id", id);
    dispatcher.answer(body.toString("utf8"), { ...caller, request: id }).then((answer) => {
      if (answer === undefined) response.writeHead(204).end();
      else response.writeHead(200, { ...jsonType, "content-length": Buffer.byteLength(answer) }).end(answer);
    });
  });
}

/** Refuses before the body was read, and so ends the connection behind the answer. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  const error = { jsonrpc: "2.0", id: null, error: { code: invalidRequestCode, message } };
  response.writeHead(status, { ...jsonType, connection: "close" }).end(JSON.stringify(error));
  response.once("finish", () => request.destroy());
}
