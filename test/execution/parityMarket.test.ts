// A market's life through both engines: every kind of transaction that the rules know, those that fail included.
import { expect } from "chai";
import {
  type Abi,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  keccak256,
  stringToBytes,
  zeroAddress,
} from "viem";
import { keccak256Hex } from "../../node/crypto/keccak.ts";
import type { BlockContext, ExecutedBlock, ExecutionEngine } from "../../node/execution/engine.ts";
import type { Receipt } from "../../node/execution/receipt.ts";
import { defaultExecution } from "../../node/genesis/parameters.ts";
import { type Address, Height } from "../../node/types/brands.ts";
import { hexOf } from "../../node/types/hex.ts";
import type { Transaction } from "../../node/types/transaction.ts";
import type { LoadAccount } from "../../scripts/bench/loadAccount.ts";
import {
  commitWindowSeconds,
  ExecutionMarket,
  type MarketAgent,
  marketCapability,
  marketNetwork,
  marketSalt,
  marketStartMs,
  type RunBlock,
  revealWindowSeconds,
  schemaIdCall,
  send,
  tendersOpenedIn,
} from "../../scripts/executionMarket.ts";
import { agentLedgerAbi } from "../../sdk/abis/agentLedger.ts";
import { bidEquivocationAbi } from "../../sdk/abis/bidEquivocation.ts";
import { capabilityResolverAbi } from "../../sdk/abis/capabilityResolver.ts";
import { creditsAbi } from "../../sdk/abis/credits.ts";
import { easAbi } from "../../sdk/abis/eas.ts";
import { jobEscrowAbi } from "../../sdk/abis/jobEscrow.ts";
import { sealedBidTenderAbi } from "../../sdk/abis/sealedBidTender.ts";
import { taskMarketAbi } from "../../sdk/abis/taskMarket.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import { hashBid } from "../../sdk/typedData/bid.ts";
import { commitmentOf } from "../../sdk/typedData/commitment.ts";
import { marketDomain } from "../../sdk/typedData/domain.ts";
import { openAllEngines, proposer, type TestFolder, testFolder } from "./testEngine.ts";

const contracts = {
  market: { address: ruleAddresses.taskMarket, abi: taskMarketAbi as Abi },
  tender: { address: ruleAddresses.sealedBidTender, abi: sealedBidTenderAbi as Abi },
  escrow: { address: ruleAddresses.jobEscrow, abi: jobEscrowAbi as Abi },
  equivocation: { address: ruleAddresses.bidEquivocation, abi: bidEquivocationAbi as Abi },
  ledger: { address: ruleAddresses.agentLedger, abi: agentLedgerAbi as Abi },
  credits: { address: ruleAddresses.credits, abi: creditsAbi as Abi },
  eas: { address: ruleAddresses.eas, abi: easAbi as Abi },
  resolver: { address: ruleAddresses.capabilityResolver, abi: capabilityResolverAbi as Abi },
};
type Contract = keyof typeof contracts;

describe("the two execution engines on a market", () => {
  const market = new ExecutionMarket(5, { ...defaultExecution, blockGasLimit: 200_000_000 });
  let folder: TestFolder;
  let engines: readonly ExecutionEngine[];
  let clockMs = marketStartMs;

  before(async function () {
    this.timeout(60_000);
    folder = testFolder();
    const genesis = await market.genesis();
    engines = await openAllEngines(folder, genesis);
  });

  after(async () => {
    for (const engine of engines) await engine.close();
    folder.remove();
  });

  const both: RunBlock = async (transactions, secondsLater = 1) => {
    clockMs += secondsLater * 1_000;
    const results = await Promise.all(engines.map((engine) => next(engine, transactions)));
    const [ours, ...others] = results as [ExecutedBlock, ...ExecutedBlock[]];
    for (const theirs of others) {
      expect(ours.receipts.map(summary)).to.deep.equal(theirs.receipts.map(summary));
      expect(ours.receipts).to.deep.equal(theirs.receipts);
      expect(ours.header).to.deep.equal(theirs.header);
    }
    return ours;
  };

  async function next(engine: ExecutionEngine, transactions: readonly Transaction[]): Promise<ExecutedBlock> {
    const parent = engine.committed().context;
    const height = Height(parent.height + 1);
    const digest = keccak256Hex(Buffer.from(`market ${height}`));
    const context: BlockContext = { digest, parentDigest: parent.digest, height, timestampMs: clockMs, proposer };
    const block = await engine.execute(context, transactions);
    await engine.commit(digest);
    return block;
  }

  /** The outcomes of a block, which both engines agree on. */
  async function outcomes(transactions: readonly Transaction[], secondsLater = 1): Promise<readonly boolean[]> {
    return (await both(transactions, secondsLater)).receipts.map((receipt) => receipt.success);
  }

  function call(account: LoadAccount, contract: Contract, functionName: string, args: readonly unknown[]): Transaction {
    const { address, abi } = contracts[contract];
    return send(account, address, encodeFunctionData({ abi, functionName, args }));
  }

  async function read(contract: Contract, functionName: string, args: readonly unknown[]): Promise<unknown> {
    const { address, abi } = contracts[contract];
    const data = Buffer.from(encodeFunctionData({ abi, functionName, args }).slice(2), "hex");
    const request = { from: proposer, to: address as Address, data, value: 0n, gasLimit: 5_000_000 };
    const answers = await Promise.all(
      engines.map(async (engine) => engine.stateAt(engine.committed().context.digest)?.call(request)),
    );
    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    return decodeFunctionResult({ abi, functionName, data: hexOf(answers[0]?.returnData ?? new Uint8Array(0)) });
  }

  const agent = (i: number): MarketAgent => market.agents[i] as MarketAgent;

  it("agree from the first registration to the last slashing", async () => {
    await market.populate(both);
    const schema = await read("resolver", "schemaId", []);
    expect(schemaIdCall()).to.match(/^0x/);
    await market.attest(both, schema as Hex);

    const posted = await both(Array.from({ length: 4 }, () => market.post()));
    const [delivered, missed, unwanted, contradicted] = tendersOpenedIn(posted) as [Hex, Hex, Hex, Hex];

    const signed = (bidder: MarketAgent, tenderId: Hex, amount: bigint) => {
      const commitment = commitmentOf({ tenderId, bidder: bidder.account.address, amount, salt: marketSalt(tenderId) });
      const domain = marketDomain({ ...marketNetwork, verifyingContract: ruleAddresses.sealedBidTender });
      const bid = { tenderId, agentId: bidder.agentId, slot: 0n, commitment };
      return { bid, signature: bidder.account.signDigest(hashBid(domain, bid)) };
    };
    const relayed = signed(agent(3), delivered, 700_000n);
    const [first, second] = [signed(agent(4), contradicted, 1n), signed(agent(4), contradicted, 2n)];
    expect(
      await outcomes([
        ...[0, 1, 2].map((i) => market.commit(agent(i), delivered, BigInt(600_000 + i))),
        market.commit(agent(0), delivered, 5n),
        call(market.evaluator, "tender", "commitBidFor", [relayed.bid, relayed.signature]),
        call(market.evaluator, "tender", "commitBidFor", [relayed.bid, second.signature]),
        call(market.evaluator, "tender", "commitBid", [delivered, relayed.bid.commitment]),
        market.commit(agent(0), missed, 300_000n),
        market.commit(agent(1), missed, 400_000n),
        call(market.evaluator, "tender", "commitBidFor", [first.bid, first.signature]),
        call(market.requester, "market", "cancel", [3n]),
        call(market.requester, "market", "cancel", [1n]),
      ]),
    ).to.deep.equal([true, true, true, false, true, false, false, true, true, true, true, false]);
    expect(unwanted).to.not.equal(delivered);

    const evidence = {
      tender: ruleAddresses.sealedBidTender,
      tenderId: contradicted,
      agentId: agent(4).agentId,
      slot: 0n,
      commitmentA: first.bid.commitment,
      signatureA: first.signature,
      commitmentB: second.bid.commitment,
      signatureB: second.signature,
      bidderB: `0x${"00".repeat(20)}`,
    };
    const salt = keccak256(stringToBytes("evidence"));
    const promise = await read("equivocation", "evidenceCommitment", [evidence, market.attester.address, salt]);
    expect(await outcomes([call(market.attester, "equivocation", "commitEvidence", [promise])])).to.deep.equal([true]);
    const honest = { ...evidence, commitmentB: evidence.commitmentA, signatureB: evidence.signatureA };
    expect(
      await outcomes([
        call(market.evaluator, "equivocation", "report", [honest]),
        call(market.attester, "equivocation", "reportCommitted", [evidence, salt]),
        call(market.evaluator, "equivocation", "report", [evidence]),
        market.commit(agent(4), missed, 1n),
      ]),
    ).to.deep.equal([false, true, false, false]);

    expect(
      await outcomes(
        [
          ...[0, 1, 2].map((i) => market.reveal(agent(i), delivered, BigInt(600_000 + i))),
          market.reveal(agent(1), delivered, 600_001n),
          call(market.evaluator, "tender", "revealBidFor", [
            delivered,
            agent(3).account.address,
            700_000n,
            marketSalt(delivered),
          ]),
          market.reveal(agent(0), missed, 300_000n),
          market.reveal(agent(1), missed, 399_999n),
        ],
        commitWindowSeconds,
      ),
    ).to.deep.equal([true, true, true, false, true, true, false]);

    const settle = (taskId: bigint) => call(market.requester, "market", "settle", [taskId]);
    const settled = await outcomes([1n, 2n, 3n, 4n, 1n].map(settle), revealWindowSeconds);
    expect(settled).to.deep.equal([true, true, false, true, false]);

    const { jobId } = (await read("market", "assignmentOf", [1n, 0n])) as { jobId: bigint };
    const deliverable = keccak256(stringToBytes("the work"));
    const reason = keccak256(stringToBytes("well done"));
    expect(
      await outcomes([
        call(agent(1).account, "escrow", "submit", [jobId, deliverable, "0x"]),
        call(agent(0).account, "escrow", "submit", [jobId, deliverable, "0x"]),
        call(market.evaluator, "market", "giveVerdict", [2n, 0n, true, reason]),
        call(market.requester, "market", "giveVerdict", [1n, 0n, true, reason]),
        call(market.evaluator, "market", "giveVerdict", [1n, 0n, true, reason]),
        call(market.requester, "market", "conclude", [2n, 0n]),
      ]),
    ).to.deep.equal([false, true, false, false, true, false]);

    const missedDeadline = 3 * 3_600;
    const winner = agent(0).account;
    await both(
      [
        call(market.requester, "market", "conclude", [2n, 0n]),
        call(market.requester, "market", "conclude", [1n, 0n]),
        call(winner, "escrow", "withdrawFor", [winner.address]),
        call(market.requester, "market", "withdrawFor", [market.requester.address]),
        call(market.requester, "escrow", "withdrawFor", [market.requester.address]),
        call(winner, "ledger", "requestUnbonding", [agent(0).agentId, 1_000_000n]),
        call(winner, "ledger", "setCapacity", [agent(0).agentId, 3]),
        call(winner, "ledger", "revokeBidKey", [winner.address]),
        call(winner, "credits", "transfer", [market.evaluator.address, 5n]),
        call(winner, "credits", "transfer", [market.evaluator.address, 2n ** 200n]),
        call(agent(2).account, "ledger", "clearCapability", [agent(1).agentId, marketCapability, zeroAddress, true]),
      ],
      missedDeadline,
    );
    const unit = (await read("market", "assignmentOf", [2n, 0n])) as { failedBefore: number; status: number };
    expect(unit.status, "the missed unit is decided").to.be.greaterThan(1);
  }).timeout(60_000);
});

const summary = ({ success, gasUsed, logs }: Receipt, i: number): string =>
  `${i}: ${success ? "success" : "failure"}, ${gasUsed} gas, ${logs.length} logs`;
