// The whole table: every public function of every contract of the rules, called in one scenario.
import { type BaseContract, type FunctionFragment, id, ZeroHash } from "ethers";
import { accusationWorld } from "../accusations.ts";
import { type PanelWorld, panelWorld } from "../disputes.ts";
import { type Connection, CREDIT } from "../fixture.ts";
import { accusationCalls } from "./accusationCalls.ts";
import { capabilityCalls } from "./capabilityCalls.ts";
import { disputeCalls } from "./disputeCalls.ts";
import { type ContractName, GasBook, type GasRow } from "./gasBook.ts";
import { governanceCalls } from "./governanceCalls.ts";
import { identityCalls } from "./identityCalls.ts";
import { escrowCalls, fullTenderCalls, taskCalls, tenderCalls } from "./marketCalls.ts";
import { slashingCalls } from "./slashingCalls.ts";
import { agentCalls, creditCalls, ledgerModuleCalls } from "./stakeCalls.ts";
import { validatorCalls } from "./validatorCalls.ts";

export interface GasTable {
  readonly rows: readonly GasRow[];
  /** Functions that no call of the scenario reached, as contract and signature. */
  readonly missing: readonly string[];
}

/** Not part of the rules: they are what others wrote, and the table has of them what our resolver takes part in. */
const FOREIGN: readonly string[] = ["EAS", "SchemaRegistry"];
/** Reverts whatever it is asked: ERC-8469 has it, and a market tender does not. */
const REVERTING: readonly string[] = ["SealedBidTender claimSlashed(bytes32)"];

const openTender = (signature: string) => signature.startsWith("SealedBidTender openTender(");
const isView = ({ stateMutability }: FunctionFragment) => stateMutability === "view" || stateMutability === "pure";

/** Calls every function once at least, and says what each cost. */
export async function measureGas(connection: Connection): Promise<GasTable> {
  const w = await panelWorld(connection);
  const gas = new GasBook(w.rules);
  await identityCalls(gas);
  await creditCalls(gas);
  await agentCalls(gas);
  await ledgerModuleCalls(gas);
  await capabilityCalls(gas);
  await governanceCalls(gas);
  await escrowCalls(gas, w);
  await taskCalls(gas, w);
  await tenderCalls(gas, w);
  await viewCalls(gas, w);
  await disputeCalls(gas, w);
  await slashingCalls(gas, w);
  await validatorCalls(gas);
  const accused = await accusationWorld(connection);
  await accusationCalls(gas.on(accused.rules), accused);
  await fullTenderCalls(gas, w.rules);
  return {
    rows: gas.rows(),
    missing: functionsOf(gas)
      .filter(([name, part]) => !gas.has(name, part))
      .map(signatureOf),
  };
}

type Entry = readonly [ContractName, FunctionFragment];

const signatureOf = ([name, fragment]: Entry): string => `${name} ${fragment.format("sighash")}`;

/** Every public function that can succeed, of the rules' own contracts. */
function functionsOf({ rules }: GasBook): Entry[] {
  const entries = Object.entries(rules.contracts).flatMap(([name, contract]) => {
    const fragments: FunctionFragment[] = [];
    (contract as BaseContract).interface.forEachFunction((fragment) => fragments.push(fragment));
    return fragments.map((fragment): Entry => [name as ContractName, fragment]);
  });
  return entries.filter((entry) => {
    const signature = signatureOf(entry);
    return !FOREIGN.includes(entry[0]) && !REVERTING.includes(signature) && !openTender(signature);
  });
}

/** Every view with arguments that its parameters' names ask for; what needs others is called where they are made. */
async function viewCalls(gas: GasBook, w: PanelWorld): Promise<void> {
  const known = await argumentsByName(w);
  const refused: string[] = [];
  for (const entry of functionsOf(gas)) {
    const [name, fragment] = entry;
    if (!isView(fragment) || gas.has(name, fragment)) continue;
    const names = fragment.inputs.map((input) => input.name || input.type);
    if (names.some((input) => !(input in known))) continue;
    try {
      await gas.view(
        name,
        fragment,
        names.map((input) => known[input]),
      );
    } catch (error) {
      refused.push(`${signatureOf(entry)} with ${names.join(", ")}: ${String(error)}`);
    }
  }
  if (refused.length > 0) throw new TypeError(refused.join("\n"));
}

async function argumentsByName({ rules, first, second, tender, market }: PanelWorld): Promise<Record<string, unknown>> {
  const { commitmentOf: _, ...ids } = await lastIds(rules.contracts);
  const { terms } = { terms: await tender.termsOf(ids.tenderId) };
  const bids = Array.from({ length: 16 }, (_, index) => ({
    bidder: `0x${"00".repeat(19)}${(index + 16).toString(16)}`,
    amount: BigInt(40 - index),
  }));
  const validator = rules.operator.address;
  return {
    ...ids,
    agentId: first.agentId,
    offender: first.agentId,
    tokenId: first.agentId,
    key: first.key.address,
    bidder: first.key.address,
    account: first.owner.address,
    owner: first.owner.address,
    holder: first.owner.address,
    operator: second.owner.address,
    spender: second.owner.address,
    requester: rules.at.TaskMarket,
    reporter: rules.reporter.address,
    attester: rules.operator.address,
    voter: first.key.address,
    clientAddress: rules.requester.address,
    clientAddresses: [rules.requester.address],
    validatorAddress: rules.evaluator.address,
    validatorAddresses: [],
    responders: [],
    excluded: [first.key.address],
    module: rules.at.BidEquivocation,
    source: rules.at.SealedBidTender,
    tender: rules.at.SealedBidTender,
    escrow: rules.at.JobEscrow,
    mechanism: rules.at.FirstPrice,
    target: rules.at.Permissions,
    selector: "0x01020304",
    interfaceId: "0x01ffc9a7",
    capability: id("digest"),
    metadataKey: "kind",
    tag: "quality",
    tag1: "quality",
    tag2: "",
    requestHash: id("request"),
    deliverable: id("deliverable"),
    commitment: id("commitment"),
    faultId: id("a fault"),
    salt: id("salt"),
    uid: ZeroHash,
    testRun: id("a test run"),
    uphold: true,
    includeRevoked: true,
    openedAt: await tender.openedAt(ids.tenderId),
    lock: CREDIT,
    least: CREDIT,
    level: 1n,
    index: 0n,
    unit: 0n,
    parameter: 0n,
    since: 0n,
    epoch: 0n,
    feedbackIndex: 1n,
    organisationId: first.organisation,
    reserve: terms.reserve,
    units: 1n,
    bids,
    bid: { tenderId: ids.tenderId, agentId: first.agentId, slot: 0n, commitment: id("commitment") },
    validator,
    payee: await market.tender(),
  };
}

async function lastIds(contracts: PanelWorld["rules"]["contracts"]) {
  const { TaskMarket: market, JobEscrow: escrow, Operators: operators, SealedBidTender: tender } = contracts;
  const events = await tender.queryFilter(tender.filters.TenderAwarded());
  return {
    commitmentOf: undefined,
    taskId: await market.taskCount(),
    jobId: await escrow.jobCount(),
    proposalId: (await operators.proposalCount()) - 1n,
    tenderId: events.at(-1)?.args.tenderId ?? ZeroHash,
  };
}
