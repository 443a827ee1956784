// The real rules on the real engine, ordered by a sequencer, with reporters of several validators over the one ledger: as
// all nodes see the same. A reporter can be killed, and the ledger opened again on what it left on disk.
import { setTimeout as delay } from "node:timers/promises";
import {
  decodeFunctionResult,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  keccak256,
  numberToHex,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { storageSlots } from "../../contracts/deploy/storage.ts";
import type { LedgerApplication } from "../../node/application/ledger.ts";
import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { deriveReporterKey } from "../../node/crypto/reporterKey.ts";
import { secp256k1Scheme, signHash } from "../../node/crypto/secp256k1Scheme.ts";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import type { ExecutionEngine } from "../../node/execution/engine.ts";
import { newGenesis } from "../../node/genesis/newNetwork.ts";
import type { SeatEntry } from "../../node/genesis/seatEntry.ts";
import { type Log, silentLog } from "../../node/log.ts";
import { EvidenceReporter } from "../../node/reporting/evidenceReporter.ts";
import { LedgerChain } from "../../node/reporting/ledgerChain.ts";
import type { ReportingChain } from "../../node/reporting/reportingChain.ts";
import type { CaseOutcome } from "../../node/reporting/reportingMetrics.ts";
import { Address, Digest, Epoch, Height, type Hex, type ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import { bytesOf, hexOf } from "../../node/types/hex.ts";
import type { SignedVote, Vote } from "../../node/types/vote.ts";
import { type VoteDomain, voteHasher } from "../../node/types/votePreimage.ts";
import { validatorRegistryAbi } from "../../sdk/abis/validatorRegistry.ts";
import { voteEquivocationAbi } from "../../sdk/abis/voteEquivocation.ts";
import { openTestLedger, type TestLedger } from "../application/testLedger.ts";
import { signer } from "../mempool/signing.ts";

const chainId = 4_242;
const networkId = Digest(`0x${"a1".repeat(32)}`);
const waitMs = 10_000;
const quietTurns = 3;
const zeroAddress = Address(`0x${"00".repeat(20)}`);

/** Validator keys in the order of their addresses. */
const keys = Array.from({ length: 4 }, (_, i) => signer(400 + i)).sort((a, b) => (a.address < b.address ? -1 : 1));

export const validatorKeyAt = (index: number): Uint8Array => keys[index]?.key as Uint8Array;

export interface TestReporter {
  readonly reporter: Address;
  readonly chain: LedgerChain;
  readonly evidenceReporter: EvidenceReporter;
  readonly closed: CaseOutcome[];
  /** Sentences of its log. */
  readonly said: string[];
}

/** @param organisations of the validators, by their place; each its own unless given */
export async function reportingGenesis(organisations = [0, 1, 2, 3], isEnrolled = true): Promise<Genesis> {
  const entries = keys.map(({ key }, i): SeatEntry => {
    const identity = validatorIdentity(key);
    const operator = signer(500 + i).address;
    return {
      name: `validator-${i}`,
      organisation: `organisation-${organisations[i]}`,
      ...identity,
      reporter: isEnrolled ? identity.reporter : operator,
      addresses: [`/ip4/127.0.0.1/tcp/${20_000 + i}`],
      operator,
    };
  });
  return newGenesis(developmentNetwork({ chainId, networkId, rules: "development" }, entries));
}

/** The same network, where a validator asked for its stake at some time, having left: its evidence counts from then on. */
export function retiredIn(genesis: Genesis, validator: Address, atSeconds: number): Genesis {
  const registry = genesis.contracts.ValidatorRegistry as Address;
  // Behind `_sets`, `_changedEpochs`, `_validators` and `_peerKeys`.
  const slot = BigInt(storageSlots.ValidatorRegistry._sets + 4);
  const place = encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [validator, slot]);
  const account = genesis.alloc[registry];
  const storage = { ...account?.storage, [keccak256(place)]: numberToHex(atSeconds, { size: 32 }) };
  return { ...genesis, alloc: { ...genesis.alloc, [registry]: { ...account, storage } } };
}

/** The same network, whose register of validators' stake does not listen to the module that judges their votes. */
export function deafIn(genesis: Genesis): Genesis {
  const { ValidatorRegistry: registry, VoteEquivocation: module } = genesis.contracts as Record<string, Address>;
  // `_slashers` of FaultBook, behind `_rewards` and `_faults`.
  const place = keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [module as Address, 2n]));
  const account = genesis.alloc[registry as Address];
  const { [place]: listed, ...storage } = account?.storage ?? {};
  if (listed === undefined) throw new Error("no slashing module stands where it is looked for");
  return { ...genesis, alloc: { ...genesis.alloc, [registry as Address]: { ...account, storage } } };
}

export class ReportingLedger {
  readonly genesis: Genesis;
  #ledger: TestLedger;
  #asked = 0;
  /** What the node says of itself: whether it has caught up. */
  isCurrent = true;

  private constructor(genesis: Genesis, ledger: TestLedger) {
    this.genesis = genesis;
    this.#ledger = ledger;
  }

  static async open(genesis: Genesis): Promise<ReportingLedger> {
    return new ReportingLedger(genesis, await openTestLedger(genesis));
  }

  close(): Promise<void> {
    return this.#ledger.close();
  }

  /** As every node's process killed and started again: the mempools are empty, the chain is what it was. */
  async reopen(): Promise<void> {
    this.#ledger = await this.#ledger.reopen();
  }

  get engine(): ExecutionEngine {
    return this.#ledger.engine;
  }

  get application(): LedgerApplication {
    return this.#ledger.application;
  }

  get waiting(): number {
    return this.#ledger.application.mempool.size;
  }

  waitingTransactions(): readonly Uint8Array[] {
    return this.#ledger.application.buildTransactions(this.#ledger.application.info().digest);
  }

  get height(): number {
    return this.#ledger.application.info().height;
  }

  validator(index: number): Address {
    return keys[index]?.address as Address;
  }

  signed(index: number, vote: Vote, domain: VoteDomain = this.genesis): SignedVote {
    const signature = signHash(voteHasher(domain)(vote), keys[index]?.key as Uint8Array);
    return { vote, signer: index as ValidatorIndex, signature };
  }

  /** Two signatures of one validator under a nullify and a finalize of one view. */
  contradiction(index: number, view = 41, epoch = 0, domain?: VoteDomain): Evidence {
    const place = { epoch: Epoch(epoch), view: View(view) };
    const digest = Digest(`0x${"d1".repeat(32)}`);
    return {
      kind: "nullifyFinalize",
      offender: index as ValidatorIndex,
      first: this.signed(index, { kind: "nullify", ...place }, domain),
      second: this.signed(index, { kind: "finalize", ...place, digest }, domain),
    };
  }

  /** A certificate's votes, as a node holds them that never saw them one by one. */
  certified(vote: Vote, signers: readonly number[]): readonly SignedVote[] {
    const scheme = secp256k1Scheme(
      this.genesis,
      this.genesis.validators.map(({ address }) => address),
    );
    return scheme.votesOf(
      scheme.form(
        vote,
        signers.map((index) => this.signed(index, vote)),
      ),
    );
  }

  reporterOf(index: number, validators = this.genesis.validators.map(({ address }) => address)): TestReporter {
    const reporterKey = deriveReporterKey(keys[index]?.key as Uint8Array);
    const { engine, application } = this.#ledger;
    const { VoteEquivocation: module, ValidatorRegistry: registry, Permissions: permissions } = this.genesis.contracts;
    const contracts = { module, registry, permissions } as Record<"module" | "registry" | "permissions", Address>;
    const chain = new LedgerChain({ contracts, genesis: this.genesis, reporterKey, engine, application });
    const closed: CaseOutcome[] = [];
    const said: string[] = [];
    const say = (_facts: unknown, sentence: string) => void said.push(sentence);
    const log: Log = { ...silentLog, info: say, warn: say, error: say };
    const evidenceReporter = new EvidenceReporter({
      self: this.validator(index),
      reporter: chain.reporter,
      chain: async () => this.#counted(chain),
      validatorsOf: () => validators,
      height: () => engine.committed().context.height,
      isCurrent: () => this.isCurrent,
      metrics: { transaction: () => undefined, closed: (outcome) => closed.push(outcome) },
      log,
    });
    application.onCommitted(() => evidenceReporter.committed());
    return { reporter: chain.reporter, chain, evidenceReporter, closed, said };
  }

  /** Orders one block of what waits, or exactly these transactions, and lets the reporters see it. */
  async block(transactions?: readonly Uint8Array[]): Promise<void> {
    await this.#ledger.sequencer.produce(transactions);
    await this.#quiet();
  }

  /** Waits until no reporter asks the chain anything any more. */
  async #quiet(): Promise<void> {
    for (let turns = 0; turns < quietTurns; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#asked > 0) turns = 0;
    }
  }

  /** A reporter's view of the ledger, with its questions counted. */
  #counted(chain: LedgerChain): ReportingChain {
    const count = async <T>(answer: Promise<T>): Promise<T> => {
      this.#asked++;
      return answer.finally(() => this.#asked--);
    };
    return {
      facts: (accusation) => count(chain.facts(accusation)),
      hasCommitted: (accusation) => count(chain.hasCommitted(accusation)),
      submit: (accusation, act) => count(chain.submit(accusation, act)),
      whereabouts: (transaction) => chain.whereabouts(transaction),
    };
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = performance.now() + waitMs;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`not within ${waitMs / 1_000} s: ${what}`);
      await delay(5);
    }
  }

  /** Orders blocks until nothing waits, and as many more as reporters leave each other. */
  async settle(blocks = 20): Promise<void> {
    for (let i = 0; i < blocks; i++) await this.block();
  }

  /** A call of a rule by somebody whose key is known, ordered at once. */
  async send(account: PrivateKeyAccount, to: Address, data: Hex): Promise<void> {
    const { application } = this.#ledger;
    const from = Address(account.address.toLowerCase());
    const nonce = application.mempool.pendingNonceOf(from);
    const fees = { gas: 1_000_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const raw = await account.signTransaction({ type: "eip1559", chainId, nonce, to, data, ...fees });
    const result = application.checkTransaction(bytesOf(raw), "client");
    if (!result.admitted) throw result.error;
    await this.block();
  }

  nonceOf(account: Address): number {
    return this.#ledger.engine.stateAt(this.#ledger.application.info().digest)?.nonceOf(account) ?? -1;
  }

  async read(functionName: "bondOf" | "rewardOf" | "stakeInReachOf", arg: unknown): Promise<unknown> {
    const state = this.#ledger.engine.stateAt(this.#ledger.application.info().digest);
    const to = this.genesis.contracts.ValidatorRegistry as Address;
    const call = { abi: validatorRegistryAbi, functionName, args: [arg] } as Parameters<typeof encodeFunctionData>[0];
    const data = bytesOf(encodeFunctionData(call));
    const answer = await state?.call({ from: zeroAddress, to, data, value: 0n, gasLimit: 10_000_000 });
    const returned = hexOf(answer?.returnData ?? new Uint8Array());
    return decodeFunctionResult({ abi: validatorRegistryAbi, functionName, data: returned });
  }

  /** Bonded stake, and whether the key is barred. */
  async standing(index: number): Promise<readonly [bigint, boolean]> {
    const bond = (await this.read("bondOf", this.validator(index))) as { bonded: bigint; suspended: boolean };
    return [bond.bonded, bond.suspended];
  }

  async rewardOf(reporter: Address): Promise<bigint> {
    return ((await this.read("rewardOf", reporter)) as { amount: bigint }).amount;
  }

  /** Logs of the slashing module by an event's name. */
  events(eventName: "EvidenceCommitted" | "FaultPunished" | "FaultRewarded"): number {
    const { engine } = this.#ledger;
    const topics = encodeEventTopics({ abi: voteEquivocationAbi, eventName }).map((topic) => [topic as Digest]);
    const [fromHeight, toHeight] = [Height(0), Height(this.height)];
    const addresses = [this.genesis.contracts.VoteEquivocation as Address];
    return engine.chain.logs({ fromHeight, toHeight, addresses, topics }).length;
  }
}
