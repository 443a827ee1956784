// The verbs of `allot validators` that send a transaction: mostly the owner's of a seat, whose key is not the validator's.
import type { Command } from "commander";
import type { AllotClient, SetChangeResult } from "../../../sdk/index.ts";
import { multiaddrsOf, takesValidator } from "../client/seatFlags.ts";
import { record } from "../client/shown.ts";
import { amountFlag, credits, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";
import { notice, type OutputOptions } from "../output.ts";

const takesAmount = (command: Command): Command =>
  takesValidator(command).argument("<amount>", "in credits, such as 10000", amountFlag("<amount>"));

const anyValidator = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

interface SetChange {
  readonly name: string;
  readonly does: string;
  readonly doing: string;
  readonly key: string;
  readonly change: (client: AllotClient, validator: `0x${string}`) => Promise<SetChangeResult>;
}

const setChanges: readonly SetChange[] = [
  {
    name: "join",
    does: "take a seat in the next set, with the minimum stake; by the validator's owner, once",
    doing: "Joining",
    key: "owner.key",
    change: (client, validator) => client.joinValidatorSet({ validator }),
  },
  {
    name: "exit",
    does: "leave the next set, as long as four are left; by the validator's owner. The key never serves again",
    doing: "Leaving",
    key: "owner.key",
    change: (client, validator) => client.exitValidatorSet({ validator }),
  },
  {
    name: "evict",
    does: "remove a convicted validator that the automatic limit kept in the set, within the limit; by anyone",
    doing: "Evicting",
    key: "any.key",
    change: (client, validator) => client.evictValidator({ validator }),
  },
];

async function tellOfSingleEpoch(client: AllotClient, flags: OutputOptions): Promise<void> {
  if ((await client.getEpochs()).blocks > 0) return;
  notice(flags, "This network has a single epoch: the change is recorded for one that never begins.");
}

export function addValidatorActs(validators: Command): void {
  for (const { name, does, doing, key, change } of setChanges) {
    addVerb<object, [`0x${string}`]>(validators, {
      name,
      does,
      writes: true,
      takes: takesValidator,
      examples: [`allot validators ${name} ${anyValidator} --key-file ${key}`],
      async run({ client, flags, send }, validator) {
        const changed = await send(doing, change(client, validator));
        await tellOfSingleEpoch(client, flags);
        return record({ validator, fromEpoch: changed.epoch, ...sentIn(changed) });
      },
    });
  }
  addKeyAndAddresses(validators);
  addStakeActs(validators);
}

function addKeyAndAddresses(validators: Command): void {
  addVerb<{ readonly stake?: bigint }, [`0x${string}`, string]>(validators, {
    name: "rotate-key",
    does: "give a seat to a new key with a stake of its own, from the next set on; by the owner. The old key leaves for good",
    writes: true,
    takes: (command) =>
      takesValidator(command)
        .argument("<entry>", 'the new key\'s public entry: validator.json of "allot init --entry-only"')
        .option("--stake <amount>", "in credits, from the owner's (default: the minimum)", amountFlag("--stake")),
    examples: [`allot validators rotate-key ${anyValidator} new-seat/validator.json --key-file owner.key`],
    async run({ client, flags, send }, validator, file) {
      const { readSeatEntry } = await import("../../genesis/seatEntry.ts");
      const { address: successor, peerKey, addresses } = readSeatEntry(file);
      const amount = flags.stake ?? (await client.getEpochs()).minStake;
      const parameters = { validator, successor, peerKey, addresses, amount };
      const changed = await send("Rotating the key", client.rotateValidatorKey(parameters));
      await tellOfSingleEpoch(client, flags);
      return record({ validator, successor, stake: credits(amount), fromEpoch: changed.epoch, ...sentIn(changed) });
    },
  });

  addVerb<object, [`0x${string}`, readonly string[]]>(validators, {
    name: "set-addresses",
    does: "say where a validator is reached from now on, in place of what was said before; by the owner",
    writes: true,
    takes: (command) =>
      takesValidator(command).argument("<addresses...>", "multiaddrs such as /dns4/allot.acme.example/tcp/26656"),
    examples: [
      `allot validators set-addresses ${anyValidator} /dns4/allot.acme.example/tcp/26656 --key-file owner.key`,
    ],
    async run({ client, send }, validator, given) {
      const addresses = await multiaddrsOf(given);
      const sent = await send("Setting the addresses", client.setValidatorAddresses({ validator, addresses }));
      return record({ validator, addresses, ...sentIn(sent) });
    },
  });
}

function addStakeActs(validators: Command): void {
  addVerb<object, [`0x${string}`, bigint]>(validators, {
    name: "deposit",
    does: "add the key's credits to a validator's stake; by anyone, they become its owner's",
    writes: true,
    takes: takesAmount,
    examples: [`allot validators deposit ${anyValidator} 10000 --key-file owner.key`],
    async run({ client, send }, validator, amount) {
      const sent = await send("Staking", client.depositValidatorStake({ validator, amount }));
      const { bonded } = await client.getValidatorSeat({ validator });
      return record({ validator, amount: credits(amount), bonded: credits(bonded), ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`, bigint]>(validators, {
    name: "unbond",
    does: "start the exit of a validator's stake, which stays slashable until it is ready; by the owner, once it has left",
    writes: true,
    takes: takesAmount,
    examples: [`allot validators unbond ${anyValidator} 10000 --key-file owner.key`],
    async run({ client, send }, validator, amount) {
      const sent = await send("Requesting the unbonding", client.requestValidatorUnbonding({ validator, amount }));
      return record({ validator, amount: credits(amount), readyAt: time(sent.readyAt), ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`]>(validators, {
    name: "withdraw",
    does: "pay a validator's unbonded stake that is ready to its owner; by anyone",
    writes: true,
    takes: takesValidator,
    examples: [`allot validators withdraw ${anyValidator} --key-file any.key`],
    async run({ client, send }, validator) {
      const { unbonding, owner } = await client.getValidatorSeat({ validator });
      const sent = await send("Withdrawing", client.withdrawValidatorStake({ validator }));
      return record({ validator, owner, amount: credits(unbonding), ...sentIn(sent) });
    },
  });
}
