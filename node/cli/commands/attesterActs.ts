// `allot attest attesters`, `attester`, `stake`, `unbond`, `withdraw`: who attests, and the stake without which nothing that an attester says counts.
import type { Command } from "commander";
import type { Attester } from "../../../sdk/index.ts";
import { attestationColumns, attestationRow } from "../client/attestationTable.ts";
import { list, record, rowsText, sections } from "../client/shown.ts";
import { addressFlag, amountFlag, credits, time } from "../client/values.ts";
import { addVerb, sentIn } from "../client/verb.ts";

const takesAmount = (command: Command): Command =>
  command.argument("<amount>", "in credits, such as 12.5", amountFlag("<amount>"));
const takesAttester = (command: Command): Command =>
  command.argument("<attester>", "address", addressFlag("<attester>"));

/** Why an attester counts, or why it does not, in words. */
function statusOf({ counts, suspended, listed, bonded, minStake }: Attester): string {
  if (suspended) return "suspended";
  if (counts) return "counts";
  if (!listed) return "not accepted";
  return bonded < minStake ? "short of stake" : "inactive";
}

function attesterRow(one: Attester) {
  const { attester, organisation, listed, counts, suspended, unbonding } = one;
  const leaving = unbonding === 0n ? {} : { unbonding: credits(unbonding), readyAt: time(one.readyAt) };
  const stake = { bonded: credits(one.bonded), locked: credits(one.locked), minStake: credits(one.minStake) };
  return { attester, organisation, status: statusOf(one), listed, counts, suspended, ...stake, ...leaving };
}

export function addAttesterActs(attest: Command): void {
  addVerb<object, []>(attest, {
    name: "attesters",
    does: "list attesters: organisation, stake, whether they count, how much they attested",
    examples: ["allot attest attesters", "allot attest attesters --json"],
    async run({ client }) {
      const found = await client.getAttesters();
      const rows = found.map((one) => ({ ...attesterRow(one), attestations: one.attestations }));
      const columns = {
        attester: "attester",
        organisation: "organisation",
        status: "status",
        bonded: "bonded",
        unbonding: "unbonding",
        attestations: "attestations",
      } as const;
      return list(rows, columns, "No attesters.");
    },
  });

  addVerb<object, [`0x${string}`]>(attest, {
    name: "attester",
    does: "show an attester: whether it counts, its stake, and what it attested",
    takes: takesAttester,
    examples: ["allot attest attester 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    async run({ client }, attester) {
      const [standing, made] = await Promise.all([
        client.getAttester({ attester }),
        client.getAttestations({ attester }),
      ]);
      const facts = { ...attesterRow(standing), nextNonce: standing.nextNonce };
      const attestations = made.map(attestationRow);
      return sections({ ...facts, attestations }, [
        record(facts).text(),
        `Attestations\n${rowsText(attestations, attestationColumns, "None.")}`,
      ]);
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
