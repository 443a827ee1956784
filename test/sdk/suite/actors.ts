// People of the suite: who acts from which development account, and what they do in every test.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import {
  type AllotClient,
  openFileSignLock,
  type PostTaskParameters,
  RevertedError,
  type RuleErrorName,
  type SignLock,
} from "../../../sdk/index.ts";
import type { TestNetwork } from "../fixtures/testNetwork.ts";

export const credit = 1_000_000n;

export interface Agent {
  readonly client: AllotClient;
  readonly agentId: bigint;
  readonly signLock: SignLock;
  readonly directory: string;
}

export interface Actors {
  readonly network: TestNetwork;
  /** Attests, too, as the evaluator does once it is accepted: each with a sign lock of its own. */
  readonly governor: AllotClient;
  readonly requester: AllotClient;
  readonly evaluator: AllotClient;
  readonly reporter: AllotClient;
  /** Three staked agents, each of another organisation. */
  readonly agents: readonly [Agent, Agent, Agent];
  close(): Promise<void>;
}

const firstAgentAccount = 4;

/** `firstAccount` is the first agent's: a key serves one agent for ever, so each suite takes its own. */
export async function bringActors(network: TestNetwork, firstAccount = firstAgentAccount): Promise<Actors> {
  const directory = await mkdtemp(join(tmpdir(), "allot-sdk-"));
  const agents = await Promise.all(
    [0, 1, 2].map((index) => enrol(network, firstAccount + index, join(directory, String(index)))),
  );
  const attesterLocks = await Promise.all(
    ["governor", "evaluator"].map((name) => openFileSignLock({ directory: join(directory, name) })),
  );
  return {
    network,
    governor: network.client(0, attesterLocks[0]),
    requester: network.client(1),
    evaluator: network.client(2, attesterLocks[1]),
    reporter: network.client(3),
    agents: agents as unknown as Actors["agents"],
    async close() {
      for (const lock of [...agents.map(({ signLock }) => signLock), ...attesterLocks]) await lock.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function enrol(network: TestNetwork, account: number, directory: string): Promise<Agent> {
  const signLock = await openFileSignLock({ directory });
  const client = network.client(account, signLock);
  const { agentId } = await client.registerAgent({ uri: `https://agents.example/${account}.json` });
  await client.setBidKey({ agentId, bidKey: client.account as LocalAccount });
  await client.depositStake({ agentId, amount: 2_000n * credit });
  await client.setCapacity({ agentId, capacity: 10 });
  return { client, agentId, signLock, directory };
}

/** A task with windows of seconds, judged by the evaluator. */
export function taskTerms(actors: Actors, changes: Partial<PostTaskParameters> = {}): PostTaskParameters {
  return {
    specification: keccak256(stringToHex("count the words of README.md")),
    uri: "file:README.md",
    mechanism: "vickrey",
    evaluator: (actors.evaluator.account as LocalAccount).address,
    reserve: 10n * credit,
    commitWindow: 4,
    revealWindow: 4,
    deliveryWindow: 4,
    verdictWindow: 4,
    ...changes,
  };
}

/** Waits until blocks made from now on are later than a second of ledger time. */
export async function until(seconds: bigint | number): Promise<void> {
  const margin = 150;
  const wait = (Number(seconds) + 1) * 1000 + margin - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

/** The refusal that an action must end in, by the rule's name. */
export async function refused(action: Promise<unknown>, rule: RuleErrorName): Promise<RevertedError> {
  const error = await action.then(
    () => expect.fail(`expected a refusal by ${rule}`),
    (reason: unknown) => reason,
  );
  expect(error, String(error)).to.be.instanceOf(RevertedError);
  expect((error as RevertedError).rule).to.equal(rule);
  return error as RevertedError;
}

/** Waits until something holds, for as long as the test's own limit lets it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
