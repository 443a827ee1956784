// Every option of a node, once. The command line's flags, the environment variables, the reading of config.json
// and the documentation are made from this table, so they cannot disagree.
import { z } from "zod";
import { newestWireVersion, type WireVersion } from "../types/wireVersion.ts";
import { integer, tcpMultiaddr, text } from "./schemas.ts";

export interface Option<S extends z.ZodTypeAny = z.ZodTypeAny> {
  /** What stands behind the flag in --help. */
  readonly placeholder: string;
  readonly default: z.output<S>;
  /** Unit of the value, where it has one. */
  readonly unit?: string;
  readonly description: string;
  readonly schema: S;
  /** The value that a flag or an environment variable spells; `schema` judges it afterwards. */
  readonly fromText: (text: string) => unknown;
}

const asIs = (given: string): unknown => given;
const asNumber = (given: string): unknown => (/^-?\d+$/.test(given) ? Number(given) : given);
const asBoolean = (given: string): unknown => (given === "true" ? true : given === "false" ? false : given);
const asList = (given: string): unknown => given.split(",").filter((part) => part !== "");

function choice<const C extends readonly [string, ...string[]]>(choices: C) {
  return z.enum(choices, { errorMap: () => ({ message: `must be one of ${choices.join(", ")}` }) });
}

function option<S extends z.ZodTypeAny>(spec: Option<S>): Option<S> {
  return spec;
}

export const nodeOptions = {
  rpcEnabled: option({
    placeholder: "true|false",
    default: true,
    description: "whether to serve JSON-RPC, /health, /ready and /metrics",
    schema: z.boolean({ invalid_type_error: "must be true or false" }),
    fromText: asBoolean,
  }),
  rpcHost: option({
    placeholder: "host",
    default: "127.0.0.1",
    description: "interface that JSON-RPC, /health, /ready and /metrics listen on; 0.0.0.0 for every one",
    schema: text,
    fromText: asIs,
  }),
  rpcPort: option({
    placeholder: "port",
    default: 8545,
    description: "port of JSON-RPC over HTTP and WebSocket; 0 for any free one",
    schema: integer(0, 65_535),
    fromText: asNumber,
  }),
  listenAddresses: option({
    placeholder: "multiaddr,...",
    default: [],
    description: "where to listen for the other validators; none means this validator's addresses in genesis.json",
    schema: z.array(tcpMultiaddr, { invalid_type_error: "must be a list of addresses" }),
    fromText: asList,
  }),
  peerAddresses: option({
    placeholder: "name=multiaddr,...",
    default: {},
    description: "addresses of other validators, by name, used instead of those in genesis.json",
    schema: z.record(text, z.array(tcpMultiaddr, { invalid_type_error: "must be a list of addresses" }), {
      invalid_type_error: "must be an object of lists of addresses, by the validator's name",
    }),
    fromText: (given) => {
      const book: Record<string, string[]> = {};
      for (const part of given.split(",")) {
        const [name = "", address = ""] = part.split("=");
        book[name] = [...(book[name] ?? []), address];
      }
      return book;
    },
  }),
  wireVersionMax: option({
    placeholder: "version",
    default: newestWireVersion,
    description: "highest version of the protocol between validators to speak; lower ones are spoken with those behind",
    schema: integer(1, newestWireVersion).transform((version) => version as WireVersion),
    fromText: asNumber,
  }),
  engine: option({
    placeholder: "name",
    default: "ethereumjs",
    description: "EVM: ethereumjs (durable) or hardhat (Hardhat's EVM in process, for development)",
    schema: choice(["ethereumjs", "hardhat"]),
    fromText: asIs,
  }),
  historyBlocks: option({
    placeholder: "count",
    default: 128,
    unit: "blocks",
    description: "how many blocks of past state stay readable for eth_call and eth_getProof",
    schema: integer(1, 100_000),
    fromText: asNumber,
  }),
  retentionBlocks: option({
    placeholder: "count",
    default: 100_000,
    unit: "blocks",
    description: "how many finalized blocks stay served to validators that catch up",
    schema: integer(1_000, 1_000_000_000),
    fromText: asNumber,
  }),
  passphraseFile: option({
    placeholder: "file",
    default: "",
    description: "file whose first line opens the validator key, when that is encrypted",
    schema: z.string({ invalid_type_error: "must be a string" }),
    fromText: asIs,
  }),
  logLevel: option({
    placeholder: "level",
    default: "info",
    description: "least severe messages to log: trace, debug, info, warn, error or silent",
    schema: choice(["trace", "debug", "info", "warn", "error", "silent"]),
    fromText: asIs,
  }),
  logFormat: option({
    placeholder: "form",
    default: "auto",
    description: "json (one object a line), pretty, or auto: pretty on a terminal, json elsewhere",
    schema: choice(["auto", "json", "pretty"]),
    fromText: asIs,
  }),
} as const;

export type OptionName = keyof typeof nodeOptions;

/** The value of every option. */
export type NodeConfig = { readonly [K in OptionName]: z.output<(typeof nodeOptions)[K]["schema"]> };

export const optionNames = Object.keys(nodeOptions) as OptionName[];

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** "rpcPort" → "--rpc-port". */
export const flagOf = (name: OptionName): string => `--${kebab(name)}`;

/** "rpcPort" → "ALLOT_RPC_PORT". */
export const environmentVariableOf = (name: OptionName): string =>
  `ALLOT_${kebab(name).replaceAll("-", "_").toUpperCase()}`;
