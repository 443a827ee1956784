// From a node's folder, the environment and flags to checked NodeOptions.
import { existsSync } from "node:fs";
import { readTextFile } from "../config/jsonFile.ts";
import { configFromEnvironment, configFromFlags, mergeConfig, readConfigFile } from "../config/nodeConfig.ts";
import { type NodeFolder, nodeFolder } from "../config/nodeFolder.ts";
import type { NodeConfig, OptionName } from "../config/options.ts";
import { readKeyFile } from "../crypto/keyFile.ts";
import { validatorIdentity } from "../crypto/validatorIdentity.ts";
import { readGenesis } from "../genesis/readGenesis.ts";
import { readSeatEntry } from "../genesis/seatEntry.ts";
import type { NodeOptions } from "../nodeOptions.ts";
import { CrashPoint } from "../storage/crashPoints.ts";
import { readSignerGuard } from "../storage/signerGuard.ts";
import type { Address } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";

export type NodeFlags = Partial<Record<OptionName, string | undefined>>;

function requireNodeFolder(folder: NodeFolder): void {
  if (existsSync(folder.config)) return;
  throw new AllotError(
    "NO_NODE_FOLDER",
    { folder: folder.path },
    `${folder.path} is no node's folder (it has no config.json): make one with "allot init --dir ${folder.path}" or "allot testnet", or name another with --dir`,
  );
}

/** First line of a file; `undefined` when no file is named. */
export function readPassphrase(file: string | undefined): string | undefined {
  if (file === undefined || file === "") return undefined;
  const line = readTextFile(file, "the passphrase of an encrypted key").split(/\r?\n/, 1)[0] ?? "";
  if (line === "")
    throw new AllotError("PASSPHRASE_EMPTY", { file }, `${file}: the first line, the passphrase, is empty`);
  return line;
}

function peerAddressesByAddress(config: NodeConfig, genesis: Genesis): Record<Address, readonly string[]> {
  const found: Record<Address, readonly string[]> = {};
  for (const [name, addresses] of Object.entries(config.peerAddresses)) {
    const validator = genesis.validators.find((one) => one.name === name);
    if (validator === undefined) {
      const known = genesis.validators.map((one) => one.name).join(", ");
      throw new AllotError(
        "UNKNOWN_VALIDATOR",
        { name },
        `peerAddresses: genesis has no validator named "${name}"; it has ${known}`,
      );
    }
    found[validator.address] = addresses;
  }
  return found;
}

/** A folder with a guard of this very key was made for a validator that joins later. */
function hasGuardOf(folder: NodeFolder, { networkId }: Genesis, validator: Address): boolean {
  try {
    return readSignerGuard(folder.signerGuard, { networkId, validator }) !== undefined;
  } catch (error) {
    if (error instanceof AllotError && error.code === "GUARD_FOREIGN") return false;
    throw error;
  }
}

function requireMember(folder: NodeFolder, genesis: Genesis, validatorKey: Uint8Array): void {
  const { address, peerKey } = validatorIdentity(validatorKey);
  const entry = genesis.validators.find((one) => one.address === address);
  if (entry === undefined) {
    if (hasGuardOf(folder, genesis, address)) return;
    throw new AllotError(
      "NOT_A_VALIDATOR",
      { address },
      `${folder.validatorKey} is the key of ${address}, which is no validator in ${folder.genesis}: use the key that belongs to one of its validators, or make the folder one that joins later, with "allot genesis install --observer"`,
    );
  }
  if (entry.peerKey !== peerKey) {
    throw new AllotError(
      "WRONG_PEER_KEY",
      { address, expected: peerKey, found: entry.peerKey },
      `${folder.genesis}: the validator ${entry.name} is listed with the peer key ${entry.peerKey}, but its validator key gives ${peerKey}`,
    );
  }
}

/** Where the options leave it open: what the folder publishes of itself, unless genesis says. */
function listenAddresses(
  { listenAddresses: chosen }: NodeConfig,
  folder: NodeFolder,
  genesis: Genesis,
  validatorKey: Uint8Array,
): readonly string[] {
  const { address } = validatorIdentity(validatorKey);
  const isFounder = genesis.validators.some((one) => one.address === address);
  if (chosen.length > 0 || isFounder || !existsSync(folder.entry)) return chosen;
  return readSeatEntry(folder.entry).addresses;
}

/**
 * @param flags options spelled on the command line, by name; strongest
 * @throws AllotError for a missing or wrong file, key or option
 */
export function loadNode(path: string, flags: NodeFlags, environment: NodeJS.ProcessEnv): NodeOptions {
  const folder = nodeFolder(path);
  requireNodeFolder(folder);
  const config = mergeConfig(readConfigFile(folder.config), configFromEnvironment(environment), configFromFlags(flags));
  const genesis = readGenesis(folder.genesis);
  const validatorKey = readKeyFile(folder.validatorKey, readPassphrase(config.passphraseFile));
  requireMember(folder, genesis, validatorKey);
  const terminal = process.stdout.isTTY ? "pretty" : "json";
  return {
    directory: folder.path,
    genesis,
    validatorKey,
    engine: config.engine,
    historyBlocks: config.historyBlocks,
    retentionBlocks: config.retentionBlocks,
    network: {
      listen: listenAddresses(config, folder, genesis, validatorKey),
      peerAddresses: peerAddressesByAddress(config, genesis),
      wireVersionMax: config.wireVersionMax,
    },
    rpc: config.rpcEnabled ? { host: config.rpcHost, port: config.rpcPort } : undefined,
    log: { level: config.logLevel, format: config.logFormat === "auto" ? terminal : config.logFormat },
    crash: CrashPoint.from(environment),
  };
}
