import { expect } from "chai";
import { BaseError, encodeErrorResult } from "viem";
import { revertDataOf, revertedErrorFrom } from "../../sdk/errors/revertedError.ts";
import { ruleSentences } from "../../sdk/errors/ruleSentences.ts";
import { RevertedError, ruleErrorsAbi, SdkError } from "../../sdk/index.ts";

/** Refusals that a caller of the SDK can meet come from these contracts; the rest are about deployment and upkeep. */
const metByCallers = new RegExp(
  `^(${[
    "Attester",
    "BidEquivocation",
    "Bond",
    "Capability",
    "Contradictory",
    "DeliveryEquivocation",
    "DisputePanel",
    "ERC20Insufficient",
    "Evidence",
    "FalseCapability",
    "Governed",
    "Identity",
    "JobEscrow",
    "Ledger",
    "Operators",
    "Parameters",
    "OutcomeRecorder",
    "Permissions",
    "Reputation",
    "TaskMarket",
    "Tender",
    "Stake",
    "Validation",
    "ValidatorRegistry",
    "VoteEquivocation",
  ].join("|")})`,
);
const aboutDeployment = new Set([
  "AttesterRegistryUnfunded",
  "BondLockShort",
  "BondOffenderInvalid",
  "ValidatorRegistryEpochTooShort",
  "ValidatorRegistryStakeMissing",
  "ValidatorRegistryUnordered",
  "VoteEquivocationNetworkIdMissing",
  "CapabilityNotPayable",
  "DeliveryEquivocationNetworkIdMissing",
  "EvidenceSourceInvalid",
  "GovernedInvalidGovernor",
  "IdentityInvalidWallet",
  "JobEscrowHookUnsupported",
  "JobEscrowInvalidBudget",
  "JobEscrowInvalidEvaluator",
  "JobEscrowInvalidExpiry",
  "JobEscrowInvalidProvider",
  "LedgerAgentIdTooLarge",
  "LedgerNoCommitment",
  "LedgerNoJob",
  "StakeRewardShareTooLarge",
  "LedgerTransfersExhausted",
  "ParametersInvalidBound",
  "ParametersInvalidCount",
  "TenderAwardInvalid",
  "TenderNothingSlashed",
]);

describe("SDK errors", () => {
  it("have a sentence that says what to do for every refusal that a caller can meet", () => {
    const names = ruleErrorsAbi.map((error) => error.name).filter((name) => metByCallers.test(name));
    const silent = names.filter((name) => ruleSentences[name] === undefined && !aboutDeployment.has(name));
    expect(silent).to.deep.equal([]);
    for (const sentence of Object.values(ruleSentences)) expect(sentence).to.match(/^[A-Z].*\.$/);
  });

  it("carry the rule, its values and the transaction", () => {
    const args = [7n, 5n, 9n] as const;
    const data = encodeErrorResult({ abi: ruleErrorsAbi, errorName: "LedgerStakeShort", args });
    const error = revertedErrorFrom(data, new RangeError("underneath\nmore"), `0x${"ab".repeat(32)}`);
    expect(error).to.be.instanceOf(SdkError);
    expect(error.rule).to.equal("LedgerStakeShort");
    expect(error.facts).to.deep.include({ agentId: 7n, free: 5n, wanted: 9n });
    expect(error.message.split("\n")).to.deep.equal([
      "The agent's free stake is too low. Deposit more with depositStake, or wait until locks end.",
      "",
      "  rule: LedgerStakeShort",
      "  agentId: 7",
      "  free: 5",
      "  wanted: 9",
      `  transactionHash: 0x${"ab".repeat(32)}`,
      "",
      "Docs: docs/sdk.md#when-a-rule-refuses",
      "Details: underneath",
    ]);
  });

  it("say so when a call failed for a reason that is no rule", () => {
    for (const data of ["0x", "0x12345678", "0xdeadbeef00"] as const) {
      expect(revertedErrorFrom(data)).to.deep.include({ code: "CALL_REVERTED", rule: undefined });
    }
    const panic = encodeErrorResult({
      abi: [{ type: "error", name: "Panic", inputs: [{ type: "uint256", name: "" }] }],
      args: [17n],
    });
    expect(revertedErrorFrom(panic).facts).to.deep.include({ reason: "17" });
  });

  it("find returned bytes wherever a node puts them, and an error among its causes", () => {
    const withData = (data: unknown) => Object.assign(new RangeError("reverted"), { data });
    expect(revertDataOf(new BaseError("outer", { cause: withData("0x1234") as Error }))).to.equal("0x1234");
    expect(revertDataOf(withData({ message: "reverted", data: "0x1234" }))).to.equal("0x1234");
    expect(revertDataOf(withData({ code: "NONCE_TOO_LOW" }))).to.equal(undefined);
    expect(revertDataOf(new RangeError("offline"))).to.equal(undefined);
    const inner = revertedErrorFrom("0x");
    const outer = new SdkError("OUTER", "It failed.", { cause: inner });
    expect(outer.walk((error) => error instanceof RevertedError)).to.equal(inner);
    expect(outer.walk((error) => error instanceof RangeError)).to.equal(undefined);
  });
});
