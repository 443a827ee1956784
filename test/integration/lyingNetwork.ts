// Real validator processes with the rules, four unless told otherwise, the last of which is replaced by a liar over the same seat.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicClient, http, type PublicClient } from "viem";
import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { type Devnet, type DevnetValidator, startDevnet } from "../../node/cli/devnet.ts";
import { localConsensus } from "../../node/genesis/parameters.ts";
import { readSeatEntry, type SeatEntry } from "../../node/genesis/seatEntry.ts";
import type { Address } from "../../node/types/brands.ts";
import { validatorRegistryAbi } from "../../sdk/abis/validatorRegistry.ts";
import { voteEquivocationAbi } from "../../sdk/abis/voteEquivocation.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { Byzantine } from "../simulation/byzantine/byzantine.ts";
import type { SigningScheme } from "../simulation/simulatedScheme.ts";
import { type ByzantineValidator, startByzantineValidator } from "./byzantineValidator.ts";
import { call, chainId, eventually } from "./cluster.ts";

const registry = { address: ruleAddresses.validatorRegistry, abi: validatorRegistryAbi } as const;
const module = { address: ruleAddresses.voteEquivocation, abi: voteEquivocationAbi } as const;
/** Nobody sends anything: blocks come with the heartbeat alone. */
const heartbeatMs = 1_000;
const networkFor = (epochBlocks: number) => (entries: readonly SeatEntry[]) => ({
  ...developmentNetwork({ chainId, rules: "development" }, entries),
  consensus: { ...localConsensus, heartbeatMs, epochBlocks },
});

export interface LyingOptions {
  readonly validators?: number;
  readonly epochBlocks?: number;
}

export class LyingNetwork {
  readonly devnet: Devnet;
  readonly #folder: string;
  #liar: ByzantineValidator | undefined;

  private constructor(folder: string, devnet: Devnet) {
    this.#folder = folder;
    this.devnet = devnet;
  }

  /** Everybody is honest until `lie`. */
  static async start(options: LyingOptions = {}): Promise<LyingNetwork> {
    const { validators = 4, epochBlocks = localConsensus.epochBlocks } = options;
    const folder = mkdtempSync(join(tmpdir(), "allot-conviction-"));
    const seats = { directory: folder, validators, p2pPort: 0, rpcPort: 0 };
    const devnet = await startDevnet({
      ...seats,
      engine: "ethereumjs",
      logLevel: "info",
      networkFor: networkFor(epochBlocks),
    });
    return new LyingNetwork(folder, devnet);
  }

  async stop(): Promise<void> {
    await this.#liar?.stop();
    await this.devnet.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The last validator's process ends, and an adversary takes its place. */
  async lie(adversaryOf: (scheme: SigningScheme) => Byzantine): Promise<void> {
    const seat = this.devnet.validators.at(-1) as DevnetValidator;
    await seat.stop();
    this.#liar = await startByzantineValidator(seat.directory, adversaryOf);
  }

  honest(): readonly DevnetValidator[] {
    return this.devnet.validators.slice(0, -1);
  }

  entryOf(validator: DevnetValidator): SeatEntry {
    return readSeatEntry(join(validator.directory, "validator.json"));
  }

  get liar(): Address {
    return this.entryOf(this.devnet.validators.at(-1) as DevnetValidator).address;
  }

  /** Whose turn it is before all others to report the liar: the next one in the order of addresses. */
  firstInLine(): DevnetValidator {
    const { validators } = this.devnet.genesis;
    const behind = (validators.findIndex(({ address }) => address === this.liar) + 1) % validators.length;
    const name = validators[behind]?.name;
    return this.honest().find((validator) => validator.name === name) as DevnetValidator;
  }

  #at(validator: DevnetValidator): PublicClient {
    return createPublicClient({ transport: http(validator.rpcUrl()), cacheTime: 0 }) as PublicClient;
  }

  heightAt(validator: DevnetValidator): Promise<bigint> {
    return this.#at(validator).getBlockNumber();
  }

  bondAt(validator: DevnetValidator, account: Address) {
    return this.#at(validator).readContract({ ...registry, functionName: "bondOf", args: [account] });
  }

  async rewardAt(validator: DevnetValidator, reporter: Address): Promise<bigint> {
    const call = { ...registry, functionName: "rewardOf", args: [reporter] } as const;
    return (await this.#at(validator).readContract(call)).amount;
  }

  /** Who has committed to evidence, once for each time. */
  async committers(at: DevnetValidator): Promise<readonly (string | undefined)[]> {
    const events = { ...module, eventName: "EvidenceCommitted", fromBlock: 0n } as const;
    return (await this.#at(at).getContractEvents(events)).map(({ args }) => args.reporter);
  }

  /** Who was rewarded for evidence, once for each time. */
  async rewarded(at: DevnetValidator): Promise<readonly (string | undefined)[]> {
    const events = { ...module, eventName: "FaultRewarded", fromBlock: 0n } as const;
    return (await this.#at(at).getContractEvents(events)).map(({ args }) => args.reporter);
  }

  /** Members of the present epoch's set, as a validator says. */
  async members(at: DevnetValidator): Promise<readonly Address[]> {
    const { validators } = await call<{ validators: { address: Address }[] }>(at.rpcUrl(), "allot_getValidators");
    return validators.map(({ address }) => address);
  }

  /** Waits until a validator has committed so many further blocks. */
  async blocks(at: DevnetValidator, count: number): Promise<void> {
    const height = await this.heightAt(at);
    const target = height + BigInt(count);
    await eventually(`block ${target}`, async () => ((await this.heightAt(at)) >= target ? true : undefined));
  }

  /** Waits until a validator's state has the liar's key barred; the liar's bond then. */
  conviction(at: DevnetValidator) {
    return eventually(`${at.name} sees the conviction`, async () => {
      const bond = await this.bondAt(at, this.liar);
      return bond.suspended ? bond : undefined;
    });
  }
}
