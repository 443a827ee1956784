// `allot governance`: who governs, what they decide, who belongs to the network.
import type { Command } from "commander";
import type { Abi } from "viem";
import type { GovernedContract, Proposal } from "../../../sdk/index.ts";
import { type DecisionFlags, decide, execute, takesDecision } from "../client/decisions.ts";
import { list, type Row, record, sections } from "../client/shown.ts";
import { addressFlag, hexFlag, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb, sentIn } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";
import { jsonOf } from "../output.ts";
import { addMembership } from "./membership.ts";
import { addRulesNumbers } from "./rulesNumbers.ts";
import { addValidatorDecisions } from "./validatorDecisions.ts";

const proposalsListedMax = 100;

/** "credits.issue(0x…, 5000000)". */
function callText({ call, target, data }: Proposal): string {
  if (call === undefined) return `${target} ${data.slice(0, 10)}`;
  const args = call.args.map((arg) => (typeof arg === "object" ? jsonOf(arg, 0) : String(arg)));
  return `${call.contract}.${call.functionName}(${args.join(", ")})`;
}

const proposalRow = (proposal: Proposal) => ({
  proposalId: proposal.proposalId,
  status: proposal.status,
  approvals: proposal.approvals,
  call: callText(proposal),
  proposer: proposal.proposer,
  proposedAt: time(proposal.proposedAt),
  readyAt: proposal.readyAt === undefined ? undefined : time(proposal.readyAt),
  expiresAt: time(proposal.expiresAt),
});

const proposalColumns = {
  proposalId: "proposal",
  status: "status",
  approvals: "approvals",
  call: "call",
  readyAt: "ready at",
} as const;

const takesProposal = (command: Command): Command =>
  command.argument("<proposal>", "proposal id", idFlag("<proposal>"));

function addReading(governance: Command): void {
  addVerb<object, []>(governance, {
    name: "operators",
    does: "show who governs, how many must agree, and the time lock's delay",
    examples: ["allot governance operators"],
    async run({ client }) {
      const { operators, quorum, delay, delayMin, proposalCount } = await client.getOperators();
      const facts: Row = {
        paused: await client.isMarketPaused(),
        quorum,
        delaySeconds: delay,
        delayMinSeconds: delayMin,
        proposals: proposalCount,
      };
      return sections({ operators, ...facts }, [record(facts).text(), `Operators\n${operators.join("\n")}`]);
    },
  });

  addVerb<{ readonly last: number }, []>(governance, {
    name: "proposals",
    does: "list proposals, the newest first",
    takes: (command) => command.option("--last <count>", "how many", integerFlag("--last", 1, proposalsListedMax), 20),
    examples: ["allot governance proposals", "allot governance proposals --last 5 --json"],
    async run({ client, flags }) {
      const found = await client.getProposals({ limit: flags.last });
      return list(found.map(proposalRow), proposalColumns, "No proposals.");
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "show",
    does: "show a proposal: what it would call, who approves, when it is ready",
    takes: takesProposal,
    examples: ["allot governance show 4"],
    async run({ client }, proposalId) {
      const proposal = await client.getProposal({ proposalId });
      return record({ ...proposalRow(proposal), target: proposal.target, data: proposal.data });
    },
  });
}

interface ProposeFlags extends DecisionFlags {
  readonly target?: `0x${string}`;
  readonly data?: `0x${string}`;
}

function addProposing(governance: Command): void {
  addVerb<ProposeFlags, [string | undefined, string | undefined, readonly string[]]>(governance, {
    name: "propose",
    does: "propose a call that only the operators' quorum may make, and approve it; by an operator",
    writes: true,
    takes: (command) =>
      takesDecision(
        command
          .argument("[contract]", "governed contract: permissions, credits, operators, ...")
          .argument("[function]", "its function")
          .argument("[arguments...]", "in the function's order and units (millionths of a credit); arrays as JSON"),
      )
        .option("--target <address>", "instead: any contract by address ...", addressFlag("--target"))
        .option("--data <hex>", "... and calldata", hexFlag("--data")),
    examples: [
      "allot governance propose operators setQuorum 3 --key-file operator.key",
      "allot governance propose permissions addMembers 3 '[\"0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"]' --key-file operator.key",
    ],
    async run(call, contract, functionName, args) {
      const { client, flags, send } = call;
      const { AllotError } = await import("../../types/errors.ts");
      if (flags.target !== undefined && flags.data !== undefined) {
        const proposed = await send("Proposing", client.proposeCall({ target: flags.target, data: flags.data }));
        return record({ proposalId: proposed.proposalId, ...sentIn(proposed) });
      }
      if (contract === undefined || functionName === undefined) {
        const message = "name a contract and its function, or --target and --data";
        throw new AllotError("BAD_VALUE", {}, message);
      }
      const sdk = (await import("../../../sdk/index.ts")) as unknown as Readonly<Record<string, Abi | undefined>>;
      const { callArguments } = await import("../client/callArguments.ts");
      const abi = sdk[`${contract}Abi`];
      // For a contract that does not exist the SDK has the sentence.
      const given = abi === undefined ? args : callArguments(abi, functionName, args);
      return record(await decide(call, { contract: contract as GovernedContract, functionName, args: given }));
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "approve",
    does: "approve a proposal; the approval that makes the quorum starts the time lock",
    writes: true,
    takes: takesProposal,
    examples: ["allot governance approve 4 --key-file operator.key"],
    async run({ client, send }, proposalId) {
      const approved = await send("Approving", client.approveProposal({ proposalId }));
      // An approval that had been withdrawn may bring back the quorum of what was queued before.
      const { status, readyAt } = await client.getProposal({ proposalId });
      return record({ proposalId, status, readyAt: readyAt && time(readyAt), ...sentIn(approved) });
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "withdraw-approval",
    does: "take back one's approval of a proposal, queued or not",
    writes: true,
    takes: takesProposal,
    examples: ["allot governance withdraw-approval 4 --key-file operator.key"],
    async run({ client, send }, proposalId) {
      const sent = await send("Withdrawing the approval", client.withdrawApproval({ proposalId }));
      return record({ proposalId, ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "queue",
    does: "start the time lock of a proposal that a quorum approves since the quorum was lowered; by anyone",
    writes: true,
    takes: takesProposal,
    examples: ["allot governance queue 4 --key-file any.key"],
    async run({ client, send }, proposalId) {
      const sent = await send("Queueing", client.queueProposal({ proposalId }));
      const readyAt = sent.queued === undefined ? undefined : time(sent.queued.readyAt);
      return record({ proposalId, readyAt, ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "execute",
    does: "make a queued call, once its delay has passed; by anyone",
    writes: true,
    takes: takesProposal,
    examples: ["allot governance execute 4 --key-file any.key"],
    async run(call, proposalId) {
      const sent = await execute(call, proposalId);
      return record({ proposalId, status: "executed", returned: sent.returned, ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint]>(governance, {
    name: "cancel",
    does: "end a proposal for good; by the operator that proposed it",
    writes: true,
    takes: takesProposal,
    examples: ["allot governance cancel 4 --key-file operator.key"],
    async run({ client, send }, proposalId) {
      const sent = await send("Cancelling", client.cancelProposal({ proposalId }));
      return record({ proposalId, status: "cancelled", ...sentIn(sent) });
    },
  });
}

export function addGovernance(program: Command): void {
  const governance = addGroup(
    program,
    "governance",
    "operators, their proposals and time lock; organisations and members",
    [
      "allot governance proposals                              what the operators decide",
      "allot governance propose operators setQuorum 3 --key-file operator.key",
      'allot governance add-organisation "Acme" --key-file operator.key --execute',
    ],
  );
  addReading(governance);
  addProposing(governance);
  addMembership(governance);
  addValidatorDecisions(governance);
  addRulesNumbers(governance);
}
