// For each property of docs/rules.md a line of a contract without which it does not hold: `npm run mutate -- --properties`
// breaks them one at a time, and shows that random calls find it. Patterns are code, found wherever it stands.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

export interface PropertyBreak {
  readonly property: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const market = "contracts/market";
const stake = "contracts/stake";

export const propertyBreaks: readonly PropertyBreak[] = [
  {
    property: "1. holds ≥ owes",
    file: `${market}/JobEscrow.sol`,
    find: "_credits[account] = 0;",
    replace: "",
  },
  {
    property: "2. paid + refunded + held = reserve",
    file: `${market}/TaskJobs.sol`,
    find: "_credit(task.requester, task.reserve - price);",
    replace: "_credit(task.requester, task.reserve);",
  },
  {
    property: "3. no dependence on the caller",
    file: `${market}/TaskMarket.sol`,
    find: "bool accepted = verdict != Verdict.Rejected;",
    replace: "bool accepted = verdict != Verdict.Rejected && msg.sender != task.requester;",
  },
  {
    property: "3. no dependence on the order",
    file: `${market}/TaskJobs.sol`,
    find: "(unit, unit + 1) : (0, task.units)",
    replace: "(unit, unit + 1) : (unit, unit + 1)",
  },
  {
    property: "4. every task ends, by anybody's calls",
    file: `${market}/TaskMarket.sol`,
    find: "if (block.timestamp <= last) revert",
    replace: "if (block.timestamp <= last || msg.sender != task.requester) revert",
  },
  {
    property: "4. every accusation ends, by anybody's call",
    file: "contracts/slashing/FalseCapability.sol",
    find: "if (!open || block.timestamp <= accusation.deadline)",
    replace: "if (!open || block.timestamp <= accusation.deadline || !attesters.isAttester(msg.sender))",
  },
  {
    property: "5. duties outlive delisting and suspension",
    file: `${stake}/StakeVault.sol`,
    find: "if (agent.free() < amount) revert",
    replace: "if (agent.free() < amount || agent.status() != AgentWords.ENROLLED) revert",
  },
  {
    property: "6. counts never exceed capacity",
    file: `${stake}/AgentLedger.sol`,
    find: "if (used >= capacity) revert",
    replace: "if (used > capacity) revert",
  },
  {
    property: "6. locks are covered",
    file: `${stake}/AgentLedger.sol`,
    find: "if (agent.free() < lock) revert",
    replace: "if (agent.bonded() < lock) revert",
  },
  {
    property: "6. what accusers locked comes back",
    file: "contracts/slashing/FalseCapability.sol",
    find: "attesters.unlockStake(accusers[i], accusation.penalty);",
    replace: "attesters.unlockStake(accusers[i], accusation.penalty - 1);",
  },
  {
    property: "7. one statement is no equivocation",
    file: "contracts/slashing/BidEquivocation.sol",
    find: "if (a == b) revert BidEquivocationConsistent();",
    replace: "",
  },
  {
    property: "8. each fault is punished once",
    file: "contracts/slashing/BidEquivocation.sol",
    find: "return faultIdOf(evidence.tenderId, evidence.agentId);",
    replace: "return keccak256(abi.encode(faultIdOf(evidence.tenderId, evidence.agentId), msg.sender));",
  },
  {
    property: "8. an attestation is judged once",
    file: "contracts/slashing/FalseCapability.sol",
    find: "if (ruling != Ruling.Unproven) _decided[subjectOf(accusation.resolver, accusation.uid)] = true;",
    replace: "",
  },
  {
    property: "8. what leaves had been in reach",
    file: `${stake}/StakeVault.sol`,
    find: "if (from < block.timestamp) from = block.timestamp;",
    replace: "from = block.timestamp;",
  },
  {
    property: "9. a key is one agent's",
    file: `${stake}/BidKeys.sol`,
    find: "if (!_keys[key].isNone()) revert LedgerKeyUsed(key);",
    replace: "",
  },
  {
    property: "10. the award is the mechanism's",
    file: `${market}/mechanisms/Vickrey.sol`,
    find: "_amountOf(keys[1])",
    replace: "_amountOf(keys[0])",
  },
  {
    property: "10. a bid at the reserve counts",
    file: `${market}/mechanisms/AwardMechanism.sol`,
    find: "if (amount <= reserve) heap",
    replace: "if (amount < reserve) heap",
  },
  {
    property: "11. nobody gains from a slash in its own organisation",
    file: "contracts/slashing/Evidence.sol",
    find: "organisation == 0 || organisation == register.organisationOfOffender(offender)",
    replace: "organisation == 0",
  },
  {
    property: "11. nobody accuses a rival of its own tender",
    file: "contracts/slashing/FalseCapability.sol",
    find: "|| IMarketTender(accusation.tender).isParty(accusation.tenderId, organisation)",
    replace: "",
  },
];

/** The break as a mutant of the file as it is now; undefined when the code is gone, or stands there twice. */
export function asMutant(root: string, { property, file, find, replace }: PropertyBreak): Mutant | undefined {
  const source = readFileSync(join(root, file));
  const from = source.indexOf(find);
  if (from === -1 || source.indexOf(find, from + 1) !== -1) return undefined;
  const line = source.subarray(0, from).toString("utf8").split("\n").length;
  const to = from + Buffer.byteLength(find);
  return { file, kind: "drop-check", where: property, line, before: find, after: replace, from, to };
}
