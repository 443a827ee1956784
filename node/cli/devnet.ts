// A development network on this machine: validator processes over one folder, started and stopped together. The
// folder outlives the processes, so that a network can be gone on with.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJsonFile } from "../config/jsonFile.ts";
import { devnetReadyMs } from "../config/limits.ts";
import { nodeFolder } from "../config/nodeFolder.ts";
import { strictObject, text } from "../config/schemas.ts";
import type { NewNetwork } from "../genesis/newNetwork.ts";
import { readGenesis } from "../genesis/readGenesis.ts";
import type { SeatEntry } from "../genesis/seatEntry.ts";
import { lockDirectory } from "../storage/directoryLock.ts";
import { AllotError } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";
import { freePorts, requireFreePort } from "./ports.ts";
import { writeJson } from "./seat.ts";
import { createTestnet, localSeats } from "./testnet.ts";
import {
  type ExitStatus,
  type ReadyMessage,
  startValidatorProcess,
  type ValidatorProcess,
} from "./validatorProcess.ts";

export interface DevnetOptions {
  /** Folder of the network; made when it does not exist, gone on with when it holds a network. */
  readonly directory: string;
  readonly validators: number;
  /** First port between validators, used when the network is made; 0 for any free ones. */
  readonly p2pPort: number;
  /** JSON-RPC port of the first validator, the others count up; 0 for any free ones. */
  readonly rpcPort: number;
  readonly engine: "ethereumjs" | "hardhat";
  readonly logLevel: string;
  /** Called at every end of a validator that was not asked for; the others go on. */
  readonly onValidatorEnd?: (error: AllotError, validator: DevnetValidator) => void;
  /** The network to make when the folder holds none. */
  readonly networkFor: (entries: readonly SeatEntry[]) => NewNetwork;
}

/** One seat of a running network. */
export interface DevnetValidator {
  readonly name: string;
  readonly directory: string;
  readonly logFile: string;
  /** With the port that was taken; the same after a restart unless ports are free ones. */
  rpcUrl(): string;
  pid(): number;
  running(): boolean;
  /** Resolves when it is ready. */
  start(): Promise<ReadyMessage>;
  stop(): Promise<ExitStatus>;
  /** SIGKILL: what a crash is like. */
  kill(): Promise<ExitStatus>;
}

export interface Devnet {
  readonly directory: string;
  readonly genesis: Genesis;
  /** True when the folder held the network already. */
  readonly resumed: boolean;
  readonly validators: readonly DevnetValidator[];
  /** Resolves at the first end of a validator that was not asked for. */
  readonly failed: Promise<AllotError>;
  stop(): Promise<void>;
}

const marker = strictObject({
  version: z.literal(1),
  validators: z.array(text),
  engine: z.enum(["ethereumjs", "hardhat"]),
});
type Marker = z.output<typeof marker>;
const markerName = "devnet.json";
const host = "127.0.0.1";

function requireSameNetwork(directory: string, found: Marker, asked: DevnetOptions): void {
  const refuse = (what: string, has: string | number, want: string | number): never => {
    throw new AllotError(
      "DEVNET_DIFFERS",
      { directory, what, has, want },
      `${directory} holds a network with ${what} ${has}, not ${want}: name another folder with --dir, or start over with --fresh`,
    );
  };
  if (found.validators.length !== asked.validators)
    refuse("a number of validators of", found.validators.length, asked.validators);
  if (found.engine !== asked.engine) refuse("the engine", found.engine, asked.engine);
}

async function openFolder(options: DevnetOptions): Promise<{ found: Marker; resumed: boolean }> {
  const { directory, validators, p2pPort, engine } = options;
  const file = join(directory, markerName);
  if (existsSync(file)) {
    const found = readJsonFile(file, marker, "a development network's description");
    requireSameNetwork(directory, found, options);
    return { found, resumed: true };
  }
  const ports =
    p2pPort === 0 ? await freePorts(host, validators) : Array.from({ length: validators }, (_, i) => p2pPort + i);
  const rpcPorts = ports.map((_, i) => (options.rpcPort === 0 ? 0 : options.rpcPort + i));
  // So that a validator can also be started by itself.
  const seats = localSeats(ports, rpcPorts).map((seat) => ({ ...seat, config: { ...seat.config, engine } }));
  await createTestnet(join(directory, "validators"), seats, options.networkFor);
  const found: Marker = { version: 1, validators: seats.map((seat) => seat.name), engine };
  writeJson(file, found);
  return { found, resumed: false };
}

async function requireFreePorts(genesis: Genesis, names: readonly string[], rpcPort: number): Promise<void> {
  for (const [i, name] of names.entries()) {
    if (rpcPort !== 0) await requireFreePort(host, rpcPort + i, `JSON-RPC of ${name}`, "--rpc-port");
    const addresses = genesis.validators.find((one) => one.name === name)?.addresses ?? [];
    for (const address of addresses) {
      await requireFreePort(
        host,
        Number(address.split("/").at(-1)),
        `${name}'s connections to other validators`,
        "--p2p-port",
      );
    }
  }
}

function validatorOf(
  name: string,
  options: DevnetOptions,
  i: number,
  fail: (error: AllotError, validator: DevnetValidator) => void,
): DevnetValidator {
  const directory = join(options.directory, "validators", name);
  const logFile = join(directory, "node.log");
  const port = options.rpcPort === 0 ? 0 : options.rpcPort + i;
  const flags = { rpcPort: String(port), engine: options.engine, logLevel: options.logLevel, logFormat: "json" };
  let child: ValidatorProcess | undefined;
  let ready: ReadyMessage | undefined;
  // The process that is meant to run; an end of any other was asked for.
  let wanted: ValidatorProcess | undefined;

  const end = async (how: "stop" | "kill"): Promise<ExitStatus> => {
    wanted = undefined;
    const ended = child;
    if (ended === undefined) return { code: 0, signal: null };
    const status = await ended[how]();
    if (child === ended) child = undefined;
    return status;
  };
  const validator: DevnetValidator = {
    name,
    directory,
    logFile,
    rpcUrl: () => ready?.rpcUrl ?? `http://${host}:${port}`,
    pid: () => child?.pid ?? 0,
    running: () => child !== undefined && child === wanted,
    stop: () => end("stop"),
    kill: () => end("kill"),
    async start() {
      const started = startValidatorProcess(directory, flags, logFile);
      child = wanted = started;
      void started.exited.then(({ code, signal }) => {
        if (wanted !== started) return;
        child = wanted = undefined;
        const facts = { name, code, signal, logFile };
        const text = `${name} ended by itself (${signal ?? `exit code ${code}`}); its log ${logFile} says why`;
        fail(new AllotError("VALIDATOR_ENDED", facts, text), validator);
      });
      ready = await started.ready;
      return ready;
    },
  };
  return validator;
}

async function withinTime<T>(work: Promise<T>, limitMs: number, directory: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `the validators of ${directory} were not ready within ${limitMs / 1000} s; their logs (validators/*/node.log) say what they wait for`;
    timer = setTimeout(() => reject(new AllotError("DEVNET_NOT_READY", { directory, limitMs }, text)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Makes the network where there is none, starts its validators, and waits until all are ready.
 * @throws AllotError PORT_IN_USE, DIRECTORY_IN_USE, DEVNET_DIFFERS, VALIDATOR_DID_NOT_START, DEVNET_NOT_READY
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  mkdirSync(options.directory, { recursive: true });
  const lock = lockDirectory(options.directory);
  let resolveFailed: (error: AllotError) => void = () => undefined;
  const failed = new Promise<AllotError>((resolve) => {
    resolveFailed = resolve;
  });
  const fail = (error: AllotError, validator: DevnetValidator): void => {
    resolveFailed(error);
    options.onValidatorEnd?.(error, validator);
  };
  let validators: readonly DevnetValidator[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(validators.map((one) => one.stop()));
    lock.release();
  };
  try {
    const { found, resumed } = await openFolder(options);
    const genesis = readGenesis(nodeFolder(join(options.directory, "validators", found.validators[0] ?? "")).genesis);
    await requireFreePorts(genesis, found.validators, options.rpcPort);
    validators = found.validators.map((name, i) => validatorOf(name, options, i, fail));
    await withinTime(Promise.all(validators.map((one) => one.start())), devnetReadyMs, options.directory);
    return { directory: options.directory, genesis, resumed, validators, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
