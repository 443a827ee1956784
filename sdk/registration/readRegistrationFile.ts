import { RegistrationError } from "../errors/registrationError.ts";
import { parseRegistrationFile, type RegistrationFile } from "./registrationFile.ts";

export interface ReadRegistrationFileParameters {
  /** `data:`, `https:` or `ipfs:`. */
  readonly uri: string;
  /** The global `fetch` unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where `ipfs:` URIs are read; a URL that a path `ipfs/{cid}` is added to. Without one they are refused. */
  readonly ipfsGateway?: string;
  /** Ten seconds unless given. */
  readonly timeoutMs?: number;
}

/** No honest registration file is longer. */
const fileBytesMax = 1_048_576;

/**
 * Reads and checks a registration file. Throws `RegistrationError`: `REGISTRATION_UNREADABLE` when there is no JSON to
 * be had, `REGISTRATION_INVALID` when it is no registration file. The file is the agent's own word.
 * @example
 * ```ts
 * const { uri } = await getAgent(client, { agentId });
 * const file = await readRegistrationFile({ uri, ipfsGateway: "https://gateway.example/" });
 * ```
 */
export async function readRegistrationFile(parameters: ReadRegistrationFileParameters): Promise<RegistrationFile> {
  const { uri } = parameters;
  const json = uri.startsWith("data:") ? textOfDataUri(uri) : await fetched(urlOf(parameters), parameters);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unreadable("What the URI holds is not JSON.", uri, cause);
  }
  return parseRegistrationFile(value);
}

function unreadable(sentence: string, uri: string, cause?: unknown): RegistrationError {
  const message = `${sentence} Ask the agent's owner to correct its URI.`;
  return new RegistrationError("REGISTRATION_UNREADABLE", message, { facts: { uri: uri.slice(0, 200) }, cause });
}

function textOfDataUri(uri: string): string {
  const match = /^data:application\/json(?:;charset=utf-8)?(;base64)?,(.*)$/is.exec(uri);
  if (match === null) throw unreadable("The data: URI is not of application/json.", uri);
  const [, base64, body = ""] = match;
  if (base64 !== undefined) return Buffer.from(body, "base64").toString("utf8");
  try {
    return decodeURIComponent(body);
  } catch (cause) {
    throw unreadable("The data: URI is not percent-encoded.", uri, cause);
  }
}

function urlOf({ uri, ipfsGateway }: ReadRegistrationFileParameters): string {
  if (uri.startsWith("https://")) return uri;
  if (!uri.startsWith("ipfs://")) throw unreadable("The URI is none of data:, https: and ipfs:.", uri);
  if (ipfsGateway === undefined) {
    throw new RegistrationError("REGISTRATION_UNREADABLE", "An ipfs: URI needs a gateway. Give ipfsGateway.", {
      facts: { uri },
    });
  }
  return `${ipfsGateway.replace(/\/$/, "")}/ipfs/${uri.slice("ipfs://".length)}`;
}

async function fetched(url: string, parameters: ReadRegistrationFileParameters): Promise<string> {
  const { fetch = globalThis.fetch, timeoutMs = 10_000 } = parameters;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw unreadable(`The server answered ${response.status}.`, url);
    return await limitedText(response, url);
  } catch (cause) {
    if (cause instanceof RegistrationError) throw cause;
    throw unreadable("The URI cannot be fetched.", url, cause);
  }
}

async function limitedText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > fileBytesMax) throw unreadable(`The file is longer than ${fileBytesMax} bytes.`, url);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
