// `allot agents`: who is on the market, and what an agent's owner does.
import type { Command } from "commander";
import type { Agent, AllotClient } from "../../../sdk/index.ts";
import { inBatches, newestIds } from "../client/batches.ts";
import { list, record, recordText, rowsText, sections } from "../client/shown.ts";
import { addressesFlag, credits, idFlag, time } from "../client/values.ts";
import { addGroup, addVerb } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";
import { addAgentActs } from "./agentActs.ts";

const listedMax = 1_000;

function statusOf({ organisation, suspended, delisted, active }: Agent): string {
  if (organisation === 0) return "not enrolled";
  if (suspended) return "suspended";
  if (delisted) return "delisted";
  return active ? "active" : "inactive";
}

const agentRow = (agent: Agent) => ({
  agentId: agent.agentId,
  status: statusOf(agent),
  owner: agent.owner,
  organisation: agent.organisation,
  bidKey: agent.bidKey,
  bonded: credits(agent.bonded),
  locked: credits(agent.locked),
  committed: agent.committed,
  running: agent.running,
  capacity: agent.capacity,
});

const agentColumns = {
  agentId: "agent",
  status: "status",
  organisation: "organisation",
  bidKey: "bid key",
  bonded: "bonded",
  locked: "locked",
  committed: "committed",
  running: "running",
  capacity: "capacity",
} as const;

const keyColumns = { bidKey: "bid key", from: "from", to: "to", revoked: "revoked" } as const;
const capabilityColumns = {
  capability: "capability",
  level: "level",
  validUntil: "until",
  attester: "attester",
} as const;

async function keyRows(client: AllotClient, agentId: bigint) {
  const keys = await client.getBidKeys({ agentId });
  return keys.map(({ bidKey, from, to, revoked }) => ({
    bidKey,
    from: time(from),
    to: to === undefined ? undefined : time(to),
    revoked,
  }));
}

async function capabilityRows(client: AllotClient, agentId: bigint) {
  const held = await client.getCapabilities({ agentId });
  return held.map(({ capability, level, validUntil, attester }) => ({
    capability,
    level,
    validUntil: time(validUntil),
    attester,
  }));
}

/** Undefined without clients to trust: anybody can give feedback. */
async function reputationOf(client: AllotClient, agentId: bigint, clients: readonly `0x${string}`[] | undefined) {
  if (clients === undefined) return undefined;
  const { count, value, valueDecimals } = await client.getReputationSummary({ agentId, clients });
  return { count, average: decimal(value, valueDecimals) };
}

/** 875 with one decimal is "87.5". */
function decimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

interface ShowFlags {
  readonly clients?: readonly `0x${string}`[];
}

export function addAgents(program: Command): void {
  const agents = addGroup(program, "agents", "agents: who they are, what they have at stake, and their owners' acts", [
    "allot agents list                                       every agent with stake, locks and capacity",
    "allot agents show 7                                     one agent with keys, capabilities and faults",
    "allot agents register --uri https://agent.example/agent.json --key-file owner.key",
  ]);

  addVerb<{ readonly last: number }, []>(agents, {
    name: "list",
    does: "list agents with their stake, locks and capacity",
    takes: (command) =>
      command.option("--last <count>", "how many, the newest", integerFlag("--last", 1, listedMax), 100),
    examples: ["allot agents list", "allot agents list --last 10 --json"],
    async run({ client, flags }) {
      const ids = newestIds(0n, (await client.getAgentCount()) - 1n, flags.last);
      const found = await inBatches(ids, (agentId) => client.getAgent({ agentId }));
      return list(found.map(agentRow), agentColumns, "No agents.");
    },
  });

  addVerb<ShowFlags, [bigint]>(agents, {
    name: "show",
    does: "show an agent: owner, stake, keys, capabilities, faults, reputation",
    takes: (command) =>
      command
        .argument("<agent>", "agent id", idFlag("<agent>"))
        .option(
          "--clients <address,...>",
          "whose feedback to sum up as its reputation; anybody can give feedback",
          addressesFlag("--clients"),
        ),
    examples: ["allot agents show 7", "allot agents show 7 --clients 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    async run({ client, flags }, agentId) {
      const agent = await client.getAgent({ agentId });
      const [keys, capabilities, faults, reputation] = await Promise.all([
        keyRows(client, agentId),
        capabilityRows(client, agentId),
        client.getFaults({ agentId }),
        reputationOf(client, agentId, flags.clients),
      ]);
      const { amount, readyAt } = agent.unbonding;
      const unbonding = { unbonding: credits(amount), unbondingReadyAt: amount === 0n ? undefined : time(readyAt) };
      const facts = { ...agentRow(agent), ...unbonding, uri: agent.uri, faults: faults.length };
      return sections({ ...facts, reputation, keys, capabilities }, [
        recordText({ ...facts, reputation: reputation && `${reputation.average} (${reputation.count} times)` }),
        `Bid keys\n${rowsText(keys, keyColumns, "None.")}`,
        `Capabilities\n${rowsText(capabilities, capabilityColumns, "None.")}`,
      ]);
    },
  });

  addVerb<object, [bigint]>(agents, {
    name: "describe",
    does: "show what an agent says about itself: its registration file (ERC-8004), read from its URI",
    takes: (command) => command.argument("<agent>", "agent id", idFlag("<agent>")),
    examples: ["allot agents describe 7"],
    async run({ client }, agentId) {
      const { readRegistrationFile } = await import("../../../sdk/index.ts");
      const { uri } = await client.getAgent({ agentId });
      const { services, registrations, ...facts } = await readRegistrationFile({ uri });
      return sections({ ...facts, services, registrations }, [
        record(facts).text(),
        `Services\n${rowsText(services, { name: "service", endpoint: "endpoint", version: "version" }, "None.")}`,
      ]);
    },
  });

  addAgentActs(agents);
}
