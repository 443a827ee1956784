// What only the operators' quorum may do, as verbs: they propose the call; with --execute they also wait for the time
// lock and execute it, where one approval makes the quorum or the others come in time.
import type { Command } from "commander";
import type { RuleCall } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import type { Row } from "./shown.ts";
import { time } from "./values.ts";
import { type Call, sentIn } from "./verb.ts";

export interface DecisionFlags {
  readonly execute?: boolean;
}

/** A queued call may do anything; on an Allot network unused gas costs nothing. */
const executionGas = 10_000_000n;
/** A person does not wait longer at a terminal; `governance execute` does it later. */
const waitSecondsMax = 600n;

export const takesDecision = (command: Command): Command =>
  command.option("--execute", "wait for the time lock and execute it too, where this approval makes the quorum");

/** Proposes a call; the row says how far it got. */
export async function decide(call: Call<DecisionFlags>, ruleCall: RuleCall): Promise<Row> {
  const { client, flags, send } = call;
  const proposed = await send("Proposing", client.proposeCall(ruleCall));
  const { proposalId, queued } = proposed;
  const made = { proposalId, readyAt: queued === undefined ? undefined : time(queued.readyAt) };
  if (flags.execute !== true || queued === undefined) {
    return { ...made, status: queued === undefined ? "pending" : "queued", ...sentIn(proposed) };
  }
  return { ...made, status: "executed", ...(await executeWhenReady(call, proposalId, queued.readyAt)) };
}

async function executeWhenReady({ client, send }: Call<unknown>, proposalId: bigint, readyAt: bigint): Promise<Row> {
  const seconds = readyAt - BigInt(Math.floor(Date.now() / 1000));
  if (seconds > waitSecondsMax) {
    throw new AllotError(
      "EXECUTION_FAR",
      { proposalId, readyAt },
      `proposal ${proposalId} is made, and ready only at ${time(readyAt)}: then run "allot governance execute ${proposalId}"`,
    );
  }
  if (seconds > 0n) {
    const pause = new Promise<never>((resolve) => setTimeout(resolve as () => void, (Number(seconds) + 1) * 1000));
    await send(`Waiting for the time lock until ${time(readyAt)}`, pause);
  }
  return sentIn(await send("Executing", client.executeProposal({ proposalId, gas: executionGas })));
}

/** Executes a proposal now. */
export const execute = ({ client, send }: Call<unknown>, proposalId: bigint) =>
  send("Executing", client.executeProposal({ proposalId, gas: executionGas }));
