// The ledger as a reporter sees it in a running node: what the rules say comes from calls on the committed state, and
// its transactions go the way of any client's.
import { createHmac } from "node:crypto";
import { type Abi, decodeErrorResult, decodeFunctionResult, encodeFunctionData } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { permissionsAbi } from "../../sdk/abis/permissions.ts";
import { validatorRegistryAbi } from "../../sdk/abis/validatorRegistry.ts";
import { voteEquivocationAbi } from "../../sdk/abis/voteEquivocation.ts";
import { type VoteEvidence, voteEvidenceOf } from "../../sdk/actions/slashing/voteEvidence.ts";
import { callGasMax, reportingCommitGasMax, reportingShowGasMax } from "../config/limits.ts";
import type { ExecutionEngine, StateView } from "../execution/engine.ts";
import type { Mempool } from "../mempool/mempool.ts";
import type { Application } from "../types/application.ts";
import type { Address, Digest, Hex } from "../types/brands.ts";
import { InvariantError, unreachable } from "../types/errors.ts";
import type { Genesis } from "../types/genesis.ts";
import { bytesOf, hexOf } from "../types/hex.ts";
import type { Judgement, ReportingAct, ReportingFacts } from "./decide.ts";
import type { Accusation, ReportingChain, Submission, Whereabouts } from "./reportingChain.ts";

/** The contracts that reporting speaks to. */
export interface ReportingContracts {
  readonly module: Address;
  readonly registry: Address;
  readonly permissions: Address;
}

export interface LedgerChainOptions {
  readonly contracts: ReportingContracts;
  readonly genesis: Pick<Genesis, "chainId" | "execution">;
  readonly reporterKey: Uint8Array;
  readonly engine: Pick<ExecutionEngine, "committed" | "stateAt" | "chain">;
  readonly application: Pick<Application, "checkTransaction"> & {
    readonly mempool: Pick<Mempool, "pendingNonceOf" | "transaction">;
  };
}

interface Contract {
  readonly address: Address;
  readonly abi: Abi;
}

type Answer =
  | { readonly success: true; readonly value: unknown }
  | { readonly success: false; readonly errorName: string };

const nobody = `0x${"00".repeat(20)}` as Address;

export class LedgerChain implements ReportingChain {
  readonly #options: LedgerChainOptions;
  readonly #account: PrivateKeyAccount;
  readonly #reporter: Address;
  readonly #module: Contract;
  readonly #registry: Contract;
  readonly #permissions: Contract;

  constructor(options: LedgerChainOptions) {
    this.#options = options;
    this.#account = privateKeyToAccount(hexOf(options.reporterKey));
    this.#reporter = this.#account.address.toLowerCase() as Address;
    const { module, registry, permissions } = options.contracts;
    this.#module = { address: module, abi: voteEquivocationAbi as Abi };
    this.#registry = { address: registry, abi: validatorRegistryAbi as Abi };
    this.#permissions = { address: permissions, abi: permissionsAbi as Abi };
  }

  /** The account that shows the evidence. */
  get reporter(): Address {
    return this.#reporter;
  }

  async facts(accusation: Accusation): Promise<ReportingFacts> {
    const state = this.#committedState();
    const evidence = evidenceOf(accusation);
    const offender = BigInt(accusation.validator);
    const read = (contract: Contract, name: string, ...args: unknown[]) => this.#read(state, contract, name, args);
    const { suspended } = (await read(this.#registry, "bondOf", accusation.validator)) as { suspended: boolean };
    const inReach = (await read(this.#registry, "stakeInReachOf", offender)) as bigint;
    const judgement = await this.#judge(state, evidence);
    const hasCommitted = await this.#isCommitted(state, evidence);
    return {
      judgement,
      isOffenderSpent: suspended && inReach === 0n,
      reporterOrganisation: (await read(this.#permissions, "organisationOf", this.#reporter)) as number,
      offenderOrganisation: (await read(this.#registry, "organisationOfOffender", offender)) as number,
      hasCommitted,
      isRewardOpen: judgement.verdict === "punished" && hasCommitted && (await this.#wouldPay(state, evidence)),
    };
  }

  hasCommitted(accusation: Accusation): Promise<boolean> {
    return this.#isCommitted(this.#committedState(), evidenceOf(accusation));
  }

  async submit(accusation: Accusation, act: ReportingAct): Promise<Submission> {
    const { application, genesis, contracts } = this.#options;
    const data = await this.#dataOf(evidenceOf(accusation), act);
    const gasMax = act === "commit" ? reportingCommitGasMax : reportingShowGasMax;
    const raw = await this.#account.signTransaction({
      type: "eip1559",
      chainId: genesis.chainId,
      nonce: application.mempool.pendingNonceOf(this.#reporter),
      to: contracts.module,
      data,
      gas: BigInt(Math.min(gasMax, genesis.execution.transactionGasLimitMax)),
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const result = application.checkTransaction(bytesOf(raw), "client");
    if (result.admitted) return { submitted: true, transaction: result.hash };
    return { submitted: false, code: result.error.code, reason: result.error.message };
  }

  whereabouts(transaction: Digest): Whereabouts {
    const { engine, application } = this.#options;
    const found = engine.chain.transactionByHash(transaction);
    if (found !== undefined) return found.receipt.success ? "executed" : "reverted";
    return application.mempool.transaction(transaction) === undefined ? "lost" : "waiting";
  }

  /** Asked once more, the rules say what they would say to a report; what they have punished already they do not say. */
  async #judge(state: StateView, evidence: VoteEvidence): Promise<Judgement> {
    const answer = await this.#call(state, this.#module, "verify", [evidence]);
    if (answer.success) {
      const isPunished = await this.#read(state, this.#registry, "isPunished", [answer.value]);
      return { verdict: isPunished === true ? "punished" : "proven" };
    }
    switch (answer.errorName) {
      case "VoteEquivocationTooOld":
        return { verdict: "expired" };
      case "VoteEquivocationNoValidator":
        return { verdict: "noValidator" };
      default:
        return { verdict: "refuted", code: answer.errorName };
    }
  }

  async #isCommitted(state: StateView, evidence: VoteEvidence): Promise<boolean> {
    const args = [this.#reporter, await this.#commitmentTo(state, evidence)];
    return (await this.#read(state, this.#module, "evidenceCommittedAt", args)) !== 0n;
  }

  async #wouldPay(state: StateView, evidence: VoteEvidence): Promise<boolean> {
    const args = [evidence, this.#saltOf(evidence)];
    return (await this.#call(state, this.#module, "reportCommitted", args, this.#reporter)).success;
  }

  async #dataOf(evidence: VoteEvidence, act: ReportingAct): Promise<Hex> {
    const { abi } = this.#module;
    switch (act) {
      case "commit": {
        const commitment = await this.#commitmentTo(this.#committedState(), evidence);
        return encodeFunctionData({ abi, functionName: "commitEvidence", args: [commitment] });
      }
      case "show":
        return encodeFunctionData({ abi, functionName: "reportCommitted", args: [evidence, this.#saltOf(evidence)] });
      case "report":
        return encodeFunctionData({ abi, functionName: "report", args: [evidence] });
      default:
        return unreachable(act);
    }
  }

  async #commitmentTo(state: StateView, evidence: VoteEvidence): Promise<Hex> {
    const args = [evidence, this.#reporter, this.#saltOf(evidence)];
    return (await this.#read(state, this.#module, "evidenceCommitment", args)) as Hex;
  }

  /** Nobody else can tell it before the evidence is shown, and this node always, also after it was killed. */
  #saltOf({ validator, epoch, viewNumber }: VoteEvidence): Hex {
    const hmac = createHmac("sha256", this.#options.reporterKey);
    return hexOf(hmac.update(`Allot evidence salt v1/${validator}/${epoch}/${viewNumber}`).digest());
  }

  #committedState(): StateView {
    const { engine } = this.#options;
    const { digest } = engine.committed().context;
    const state = engine.stateAt(digest);
    if (state !== undefined) return state;
    throw new InvariantError(
      "NO_COMMITTED_STATE",
      { digest },
      `the engine has no state for its committed block ${digest}`,
    );
  }

  async #call(
    state: StateView,
    { address, abi }: Contract,
    functionName: string,
    args: readonly unknown[],
    from: Address = nobody,
  ): Promise<Answer> {
    const data = bytesOf(encodeFunctionData({ abi, functionName, args }));
    const result = await state.call({ from, to: address, data, value: 0n, gasLimit: callGasMax });
    const returned = hexOf(result.returnData);
    if (result.success) return { success: true, value: decodeFunctionResult({ abi, functionName, data: returned }) };
    return { success: false, errorName: errorNameOf(abi, returned) };
  }

  /** A view that answers to any arguments. */
  async #read(state: StateView, contract: Contract, functionName: string, args: readonly unknown[]): Promise<unknown> {
    const answer = await this.#call(state, contract, functionName, args);
    if (answer.success) return answer.value;
    const { errorName } = answer;
    const text = `the rules' ${functionName} failed with ${errorName}, and it has no reason to`;
    throw new InvariantError("RULES_UNREADABLE", { functionName, errorName, contract: contract.address }, text);
  }
}

function evidenceOf({ validator, evidence }: Accusation): VoteEvidence {
  return voteEvidenceOf(validator, evidence.first, evidence.second);
}

function errorNameOf(abi: Abi, data: Hex): string {
  try {
    return decodeErrorResult({ abi, data }).errorName;
  } catch {
    // No error of this contract: one from further down, or none at all.
    return `error ${data.slice(0, 10)}`;
  }
}
