// The verbs of `allot agents` that send a transaction: an owner's, and those that anyone may call.
import type { Command } from "commander";
import { record } from "../client/shown.ts";
import { addressFlag, amountFlag, credits, idFlag, textFlag, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";

const takesAgent = (command: Command): Command => command.argument("<agent>", "agent id", idFlag("<agent>"));
const takesAmount = (command: Command): Command =>
  takesAgent(command).argument("<amount>", "credits, for example 1000", amountFlag("<amount>"));

function addIdentityActs(agents: Command): void {
  addVerb<{ readonly uri?: string }, []>(agents, {
    name: "register",
    does: "register an agent (ERC-8004); the key's account becomes its owner",
    writes: true,
    takes: (command) =>
      command.option("--uri <uri>", "where its registration file is found; may be set later", textFlag("--uri")),
    examples: ["allot agents register --uri https://agent.example/agent.json --key-file owner.key"],
    async run({ client, flags, send }) {
      const parameters = flags.uri === undefined ? {} : { uri: flags.uri };
      const registered = await send("Registering", client.registerAgent(parameters));
      return record({ agentId: registered.agentId, owner: client.account?.address, ...sentIn(registered) });
    },
  });

  addVerb<{ readonly bidKeyFile?: string; readonly bidKeyPassphraseFile?: string }, [bigint]>(agents, {
    name: "set-key",
    does: "make a key the one that bids, delivers and is paid for an agent; a key serves one agent for ever",
    writes: true,
    takes: (command) =>
      takesAgent(command)
        .option("--bid-key-file <file>", "the bid key, which proves that it is had (default: the owner's own key)")
        .option("--bid-key-passphrase-file <file>", "file whose first line opens the bid key if it is encrypted"),
    examples: ["allot agents set-key 7 --bid-key-file bid.key --key-file owner.key"],
    async run({ client, flags, send }, agentId) {
      const { accountOfKeyFile } = await import("../client/openClient.ts");
      const file = flags.bidKeyFile ?? flags.keyFile;
      const passphrase = flags.bidKeyFile === undefined ? flags.passphraseFile : flags.bidKeyPassphraseFile;
      const bidKey = accountOfKeyFile(file, passphrase);
      const sent = await send("Setting the bid key", client.setBidKey({ agentId, bidKey }));
      return record({ agentId, bidKey: bidKey.address, ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`]>(agents, {
    name: "revoke-key",
    does: "stop every new bid of a key at once; by the agent's owner or the key itself",
    writes: true,
    takes: (command) => command.argument("<key>", "the bid key's address", addressFlag("<key>")),
    examples: ["allot agents revoke-key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --key-file owner.key"],
    async run({ client, send }, bidKey) {
      return record({ bidKey, ...sentIn(await send("Revoking the bid key", client.revokeBidKey({ bidKey }))) });
    },
  });
}

function addStakeActs(agents: Command): void {
  addVerb<object, [bigint, bigint]>(agents, {
    name: "stake",
    does: "add the key's credits to an agent's stake; by anyone, they become the agent's",
    writes: true,
    takes: takesAmount,
    examples: ["allot agents stake 7 1000 --key-file owner.key"],
    async run({ client, send }, agentId, amount) {
      const sent = await send("Staking", client.depositStake({ agentId, amount }));
      const { bonded } = await client.getAgent({ agentId });
      return record({ agentId, amount: credits(amount), bonded: credits(bonded), ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint, bigint]>(agents, {
    name: "unbond",
    does: "start the exit of free stake, which stays slashable until it is ready; by the owner",
    writes: true,
    takes: takesAmount,
    examples: ["allot agents unbond 7 500 --key-file owner.key"],
    async run({ client, send }, agentId, amount) {
      const sent = await send("Requesting the unbonding", client.requestUnbonding({ agentId, amount }));
      return record({ agentId, amount: credits(amount), readyAt: time(sent.readyAt), ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint]>(agents, {
    name: "withdraw",
    does: "pay unbonded stake that is ready to the agent's owner; by anyone",
    writes: true,
    takes: takesAgent,
    examples: ["allot agents withdraw 7 --key-file any.key"],
    async run({ client, send }, agentId) {
      const { amount } = (await client.getAgent({ agentId })).unbonding;
      const sent = await send("Withdrawing", client.withdrawStake({ agentId }));
      return record({ agentId, amount: credits(amount), ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint, number]>(agents, {
    name: "set-capacity",
    does: "declare how many commitments and jobs an agent takes at once; by the owner",
    writes: true,
    takes: (command) =>
      takesAgent(command).argument("<count>", "at most; its stake may carry fewer", integerFlag("<count>", 0, 65_535)),
    examples: ["allot agents set-capacity 7 8 --key-file owner.key"],
    async run({ client, send }, agentId, capacity) {
      const sent = await send("Declaring the capacity", client.setCapacity({ agentId, capacity }));
      return record({ agentId, capacity, ...sentIn(sent) });
    },
  });
}

export function addAgentActs(agents: Command): void {
  addIdentityActs(agents);
  addStakeActs(agents);
}
