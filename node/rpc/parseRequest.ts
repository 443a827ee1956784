// The text of a request, parsed. What makes parsing long is not the length of a text but how many values are in it: one
// of eight megabytes that is full of brackets keeps everything else waiting for half a second.
import { rpcJsonMarksMax } from "../config/limits.ts";
import { invalidRequestCode, parseErrorCode, RpcError } from "./rpcError.ts";

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBracket, openBrace] = [0x5b, 0x7b];

/** Whether a text has more brackets, commas and colons outside of its strings than are parsed in a short time. */
function hasTooManyMarks(text: string): boolean {
  if (text.length <= rpcJsonMarksMax) return false;
  let marks = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === colon || code === openBracket || code === openBrace) {
      if (++marks > rpcJsonMarksMax) return true;
    } else if (code === quote) at = endOfString(text, at + 1);
  }
  return false;
}

/** Place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return text.length;
}

/** @throws RpcError −32700 for what is no JSON, −32600 for what has too much in it */
export function parseRequest(text: string): unknown {
  if (hasTooManyMarks(text)) {
    const message = `a request may have ${rpcJsonMarksMax} brackets, commas and colons at most: send fewer calls at once`;
    throw new RpcError(invalidRequestCode, message);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    throw new RpcError(parseErrorCode, `the request is no valid JSON: ${reason}`);
  }
}
