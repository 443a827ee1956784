// `allot validators`: the validators' seats as the rules record them, and their owners' acts.
import type { Command } from "commander";
import type { Epochs, ValidatorSeat } from "../../../sdk/index.ts";
import { takesValidator } from "../client/seatFlags.ts";
import { record, recordText, rowsText, sections } from "../client/shown.ts";
import { credits, time } from "../client/values.ts";
import { addGroup, addVerb } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";
import { addValidatorActs } from "./validatorActs.ts";

const epochMax = Number.MAX_SAFE_INTEGER;

function seatRow(seat: ValidatorSeat) {
  const { validator, name, status, organisation, owner, barred, from, until } = seat;
  const leaving = seat.unbonding === 0n ? {} : { unbonding: credits(seat.unbonding), readyAt: time(seat.readyAt) };
  const stake = { bonded: credits(seat.bonded), ...leaving };
  return { validator, name, status, barred, organisation, owner, from, until, ...stake };
}

const seatColumns = {
  validator: "validator",
  name: "name",
  organisation: "organisation",
  status: "status",
  barred: "barred",
  from: "from epoch",
  until: "until epoch",
  bonded: "bonded",
  unbonding: "unbonding",
} as const;

/** What joining takes, and from when a change counts. */
const epochFacts = ({ current, nextChange, blocks, evictionsMax, minStake }: Epochs) => ({
  epoch: current,
  nextChange,
  epochBlocks: blocks,
  evictionsMax,
  minStake: credits(minStake),
});

export function addValidators(program: Command): void {
  const validators = addGroup(
    program,
    "validators",
    "validators' seats: who is in the set, their stake, owners' acts",
    [
      "allot validators list                                   every validator that was ever admitted",
      "allot validators show 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      "allot validators join 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --key-file owner.key",
    ],
  );

  addVerb<{ readonly epoch?: number }, []>(validators, {
    name: "list",
    does: "list validators with their stake and the epochs in whose sets they are",
    takes: (command) =>
      command.option("--epoch <number>", "only this epoch's set", integerFlag("--epoch", 0, epochMax)),
    examples: ["allot validators list", "allot validators list --epoch 0 --json"],
    async run({ client, flags: { epoch } }) {
      const [epochs, seats] = await Promise.all([
        client.getEpochs(),
        client.getValidatorSeats(epoch === undefined ? {} : { epoch }),
      ]);
      const facts = epochFacts(epochs);
      const rows = seats.map(seatRow);
      return sections({ ...facts, validators: rows }, [
        recordText(facts),
        rowsText(rows, seatColumns, "No validators."),
      ]);
    },
  });

  addVerb<object, [`0x${string}`]>(validators, {
    name: "show",
    does: "show a validator's seat: owner, stake, epochs, and where it is reached",
    takes: takesValidator,
    examples: ["allot validators show 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    async run({ client }, validator) {
      const seat = await client.getValidatorSeat({ validator });
      const { peerKey, addresses, locked } = seat;
      return record({ ...seatRow(seat), locked: credits(locked), peerKey, addresses });
    },
  });

  addValidatorActs(validators);
}
