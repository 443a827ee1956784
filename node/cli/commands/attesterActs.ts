// `allot attest stake`, `unbond`, `withdraw`, `attester`: the stake without which nothing that an attester says counts.
import type { Command } from "commander";
import { record } from "../client/shown.ts";
import { addressFlag, amountFlag, credits, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";

const takesAmount = (command: Command): Command =>
  command.argument("<amount>", "in credits, such as 12.5", amountFlag("<amount>"));
const takesAttester = (command: Command): Command =>
  command.argument("<attester>", "address", addressFlag("<attester>"));

export function addAttesterActs(attest: Command): void {
  addVerb<object, [`0x${string}`]>(attest, {
    name: "attester",
    does: "show an attester: whether it counts, and its stake",
    takes: takesAttester,
    examples: ["allot attest attester 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    async run({ client }, attester) {
      const { bonded, locked, unbonding, readyAt, minStake, ...rest } = await client.getAttester({ attester });
      const leaving = unbonding === 0n ? {} : { unbonding: credits(unbonding), readyAt: time(readyAt) };
      const stake = { bonded: credits(bonded), locked: credits(locked), minStake: credits(minStake) };
      return record({ ...rest, ...stake, ...leaving });
    },
  });

  addVerb<object, [bigint]>(attest, {
    name: "stake",
    does: "add the key's credits to its own stake as an attester",
    writes: true,
    takes: takesAmount,
    examples: ["allot attest stake 1000 --key-file attester.key"],
    async run({ client, send }, amount) {
      const sent = await send("Staking", client.depositAttesterStake({ amount }));
      return record({ amount: credits(amount), ...sentIn(sent) });
    },
  });

  addVerb<object, [bigint]>(attest, {
    name: "unbond",
    does: "start the exit of an attester's free stake, which stays slashable until it is ready; by the attester",
    writes: true,
    takes: takesAmount,
    examples: ["allot attest unbond 500 --key-file attester.key"],
    async run({ client, send }, amount) {
      const sent = await send("Requesting the unbonding", client.requestAttesterUnbonding({ amount }));
      return record({ amount: credits(amount), readyAt: time(sent.readyAt), ...sentIn(sent) });
    },
  });

  addVerb<object, [`0x${string}`]>(attest, {
    name: "withdraw",
    does: "pay unbonded stake that is ready to its attester; by anyone",
    writes: true,
    takes: takesAttester,
    examples: ["allot attest withdraw 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --key-file any.key"],
    async run({ client, send }, attester) {
      const { unbonding } = await client.getAttester({ attester });
      const sent = await send("Withdrawing", client.withdrawAttesterStake({ attester }));
      return record({ attester, amount: credits(unbonding), ...sentIn(sent) });
    },
  });
}
