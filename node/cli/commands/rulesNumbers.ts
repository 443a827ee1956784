// The verbs of `allot governance` about the rules' numbers, and about stopping what is new.
import type { Command } from "commander";
import type { AllotClient, Parameter } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { type DecisionFlags, decide, takesDecision } from "../client/decisions.ts";
import { list, record } from "../client/shown.ts";
import { amountFlag, credits, idFlag } from "../client/values.ts";
import { addVerb } from "../client/verb.ts";

const basisPoints = 10_000n;

/** A value in its unit: credits, seconds, or a share in percent. */
function inUnit(unit: Parameter["unit"], value: bigint): string {
  if (unit === "credit") return credits(value);
  if (unit === "share") return `${(Number(value) * 100) / Number(basisPoints)} %`;
  return value.toString();
}

const parameterRow = ({ name, unit, value, min, max }: Parameter) => ({
  name,
  unit,
  value: inUnit(unit, value),
  min: inUnit(unit, min),
  max: inUnit(unit, max),
});

/** A share as a person writes it: "7.5" percent are 750 basis points. */
function shareOf(place: string, given: string): bigint {
  const percent = /^\d{1,3}(\.\d{1,2})?$/.test(given) ? Math.round(Number(given) * 100) : undefined;
  if (percent !== undefined && percent <= Number(basisPoints)) return BigInt(percent);
  throw new AllotError("BAD_VALUE", { place }, `${place}: must be a share in percent from 0 to 100, such as 7.5`);
}

/** "minStake=2000" by the parameter's unit. */
async function changesOf(client: AllotClient, given: readonly string[]) {
  const known = await client.getParameters();
  return given.map((change) => {
    const [name = "", value = ""] = change.split("=", 2);
    const parameter = known.find((one) => one.name === name);
    if (parameter === undefined) {
      const names = known.map((one) => one.name).join(", ");
      throw new AllotError("BAD_VALUE", { change }, `<changes>: there is no parameter "${name}"; there are ${names}`);
    }
    if (parameter.unit === "credit") return { parameter: name, value: value === "0" ? 0n : amountFlag(name)(value) };
    if (parameter.unit === "share") return { parameter: name, value: shareOf(name, value.replace(/ ?%$/, "")) };
    return { parameter: name, value: idFlag(name)(value) };
  });
}

export function addRulesNumbers(governance: Command): void {
  addVerb<object, []>(governance, {
    name: "parameters",
    does: "list the rules' numbers with the bounds within which the operators can change them",
    examples: ["allot governance parameters", "allot governance parameters --json"],
    async run({ client }) {
      const columns = { name: "parameter", value: "value", unit: "unit", min: "at least", max: "at most" };
      return list((await client.getParameters()).map(parameterRow), columns, "None.");
    },
  });

  addVerb<DecisionFlags, [readonly string[]]>(governance, {
    name: "set-parameters",
    does: "propose other numbers, changed together or not at all; what is running keeps what it began under",
    writes: true,
    takes: (command) =>
      takesDecision(command.argument("<changes...>", "name=value in the parameter's unit: credits, seconds, percent")),
    examples: ["allot governance set-parameters minStake=2000 rewardShare=7.5 --key-file operator.key"],
    async run(call, given) {
      const changes = await changesOf(call.client, given);
      return record(await decide(call, { contract: "parameters", functionName: "set", args: [changes] }));
    },
  });

  for (const name of ["pause", "resume"] as const) {
    addVerb<DecisionFlags, []>(governance, {
      name,
      does:
        name === "pause"
          ? "propose to stop new tasks and bids; refunds, payments, evidence and unbonding go on"
          : "propose to take new tasks and bids again",
      writes: true,
      takes: takesDecision,
      examples: [`allot governance ${name} --execute --key-file operator.key`],
      async run(call) {
        const decided = await decide(call, { contract: "agentLedger", functionName: name, args: [] });
        return record({ paused: await call.client.isMarketPaused(), ...decided });
      },
    });
  }
}
