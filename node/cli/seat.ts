// A validator's folder before the network's genesis is known: keys, configuration, public entry.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkValue } from "../config/jsonFile.ts";
import type { PartialConfig } from "../config/nodeConfig.ts";
import { nodeFolder } from "../config/nodeFolder.ts";
import { generateKey, writeKeyFile } from "../crypto/keyFile.ts";
import { validatorIdentity } from "../crypto/validatorIdentity.ts";
import { type SeatEntry, seatName } from "../genesis/seatEntry.ts";
import { syncFolder } from "../storage/durableFile.ts";
import { createSignerGuard, isUnusedSignerGuard } from "../storage/signerGuard.ts";
import type { Address } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";

export interface Seat {
  readonly name: string;
  readonly organisation: string;
  /** Multiaddrs that the other validators reach it at. */
  readonly addresses: readonly string[];
  /** What goes into its config.json. */
  readonly config: PartialConfig;
}

/** @throws AllotError FOLDER_NOT_EMPTY */
export function requireEmptyFolder(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new AllotError(
    "FOLDER_NOT_EMPTY",
    { folder },
    `${folder} is not empty, and nothing in it will be overwritten: name another folder or remove it`,
  );
}

/** @throws AllotError FILE_EXISTS */
export function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw new AllotError(
    "FILE_EXISTS",
    { file },
    `${file} exists already and will not be overwritten: name another file or remove it`,
  );
}

/** Never over an existing file. */
export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { flag: "wx", mode: 0o644, flush: true });
}

/**
 * Draws a validator key and an operator key and writes them with config.json and validator.json.
 * @param passphrase when given, both keys are encrypted with it
 */
export function createSeat(directory: string, seat: Seat, passphrase?: string): SeatEntry {
  checkValue("name of a validator", seatName, seat.name);
  requireEmptyFolder(directory);
  const folder = nodeFolder(directory);
  mkdirSync(folder.path, { recursive: true });
  const validatorKey = generateKey();
  const operatorKey = generateKey();
  writeKeyFile(folder.validatorKey, validatorKey, passphrase);
  writeKeyFile(folder.operatorKey, operatorKey, passphrase);
  writeJson(folder.config, seat.config);
  const { name, organisation, addresses } = seat;
  const operator = validatorIdentity(operatorKey).address;
  const entry: SeatEntry = { name, organisation, ...validatorIdentity(validatorKey), addresses, operator };
  writeJson(folder.entry, entry);
  for (const made of [dirname(folder.validatorKey), folder.path, dirname(resolve(directory))]) syncFolder(made);
  return entry;
}

/**
 * Makes the folder a node of this network: the signer's guard and, once that is durable, genesis.json, whole or not at
 * all. Without genesis.json no node starts, so a guard that is missing later is known to be lost, and a validator that
 * has never signed is not taken for one that forgot what it signed. Cut short anywhere, it can be done again.
 * @throws AllotError GUARD_EXISTS when the guard there has signed, GUARD_FOREIGN when it is another network's
 */
export async function joinNetwork(directory: string, genesis: Genesis, validator: Address): Promise<void> {
  const folder = nodeFolder(directory);
  const identity = { networkId: genesis.networkId, validator };
  if (!isUnusedSignerGuard(folder.signerGuard, identity)) await createSignerGuard(folder.signerGuard, identity);
  const unfinished = `${folder.genesis}.new`;
  rmSync(unfinished, { force: true });
  writeJson(unfinished, genesis);
  refuseExisting(folder.genesis);
  renameSync(unfinished, folder.genesis);
  syncFolder(folder.path);
}
