// All orders in which messages, timeouts and restarts can happen to the honest validators of a network of four, with
// the real core, while the others say whatever they like. Every state of the network is looked at once.
import { type ConsensusConfig, defaultConsensusLimits } from "../../../node/consensus/config.ts";
import type { CommittedTip } from "../../../node/consensus/input.ts";
import { keccak256Hex } from "../../../node/crypto/keccak.ts";
import type { SealedBlock } from "../../../node/types/block.ts";
import { sealBlock } from "../../../node/types/blockCodec.ts";
import { type Address, type Digest, Epoch, Height, type ValidatorIndex, View } from "../../../node/types/brands.ts";
import type { Vote } from "../../../node/types/vote.ts";
import { simulatedScheme } from "../simulatedScheme.ts";
import { type Action, LocalStates, Messages } from "./localStates.ts";

const count = 4;
const digestOf = (name: string): Digest => keccak256Hex(new TextEncoder().encode(name));
const addressOf = (i: number): Address => `0x${String(i).padStart(40, "0")}` as Address;

export interface Bound {
  /** Nothing happens in views above this one. */
  readonly views: number;
  /** The liars; view v is led by validator v mod 4. */
  readonly liars: readonly number[];
  /** Of each honest validator. */
  readonly restarts: number;
  readonly statesMax: number;
}

export interface Explored {
  readonly states: number;
  readonly steps: number;
  readonly localStates: number;
  /** False when `statesMax` ended it. */
  readonly exhausted: boolean;
  readonly violations: readonly string[];
  /** States in which the honest validators finalized two blocks of one view or chain. */
  readonly forks: number;
  /** Of those, how many convict fewer than more than a third. */
  readonly unpunished: number;
}

const genesis: CommittedTip = {
  digest: digestOf("genesis"),
  view: View(0),
  height: Height(0),
  timestampMs: 1_000_000,
  executionHash: digestOf("result of genesis"),
  changedState: false,
};

export function explore({ views, liars, restarts, statesMax }: Bound): Explored {
  const scheme = simulatedScheme(count, "explorer");
  const messages = new Messages();
  const honest = [...Array(count).keys()].filter((i) => !liars.includes(i));
  const config = (self: number): ConsensusConfig => ({
    chainId: 7,
    epoch: Epoch(0),
    epochStartView: View(0),
    validators: Array.from({ length: count }, (_, i) => addressOf(i)),
    self: self as ValidatorIndex,
    base: { digest: genesis.digest, view: View(0), height: Height(0) },
    lastHeight: undefined,
    parameters: {
      blockIntervalMs: 1,
      leaderTimeoutMs: 400,
      notarizationTimeoutMs: 600,
      retryIntervalMs: 300,
      maxTimeoutMs: 4_800,
      heartbeatMs: 3_000,
      maxDriftMs: 500,
      maxStepMs: 60_000,
      skipInactiveViews: 1_000,
      epochBlocks: 0,
    },
    blockBytesMax: 100_000,
    blockTransactionsMax: 50,
    limits: defaultConsensusLimits,
    scheme,
  });
  const locals = honest.map((self) => new LocalStates(config(self), genesis, scheme, messages));

  /** What the liars can say about a view: two blocks of their own where they lead it, every vote for every block. */
  const lies = (known: ReadonlyMap<number, ReadonlySet<Digest>>): number[] => {
    const said: number[] = [];
    for (const liar of liars as readonly ValidatorIndex[]) {
      for (const [view, digests] of known) {
        const kinds = (digest: Digest): Vote[] => [
          { kind: "notarize", epoch: Epoch(0), view: View(view), digest },
          { kind: "finalize", epoch: Epoch(0), view: View(view), digest },
        ];
        const votes: Vote[] = [{ kind: "nullify", epoch: Epoch(0), view: View(view) }, ...[...digests].flatMap(kinds)];
        for (const vote of votes) said.push(messages.numberOf(liar, { kind: "vote", vote: scheme.sign(liar, vote) }));
      }
    }
    return said;
  };

  /** Two blocks on genesis, by the liar that leads view 1. */
  const variants = (): SealedBlock[] =>
    [0, 1].map((n) =>
      sealBlock(
        {
          chainId: 7,
          epoch: Epoch(0),
          view: View(1),
          height: Height(1),
          parentView: View(0),
          parentDigest: genesis.digest,
          proposer: addressOf(1),
          timestampMs: 1_000_001 + n,
          parentExecutionHash: genesis.executionHash,
        },
        [],
        { parent: undefined, nullifications: [] },
      ),
    );
  const ownProposals = liars.includes(1)
    ? variants().map((block) => {
        const vote = scheme.sign(1 as ValidatorIndex, {
          kind: "notarize",
          epoch: Epoch(0),
          view: View(1),
          digest: block.digest,
        });
        return messages.numberOf(1 as ValidatorIndex, { kind: "proposal", block, vote });
      })
    : [];

  const soupOf = (ids: readonly number[]): number[] => {
    const all = new Set(ownProposals);
    ids.forEach((id, i) => {
      for (const message of locals[i]?.of(id).sent ?? []) all.add(message);
    });
    const known = new Map<number, Set<Digest>>();
    for (let view = 1; view <= views; view++) known.set(view, new Set());
    for (const number of all) {
      const { message } = messages.of(number);
      if (message.kind === "proposal") known.get(message.block.header.view)?.add(message.block.digest);
    }
    return [...all, ...lies(known)].filter((number) => {
      const { message } = messages.of(number);
      return (message.kind === "vote" || message.kind === "proposal") && message.vote.vote.view <= views;
    });
  };

  const violations: string[] = [];
  let [forks, unpunished] = [0, 0];
  /** The checks of a state of the network. */
  const look = (ids: readonly number[]): void => {
    const states = ids.map((id, i) => locals[i]?.of(id)).filter((state) => state !== undefined);
    const seen = new Map<string, Digest>();
    let isForked = false;
    for (const { certificates, offenders } of states) {
      for (const { vote } of certificates) {
        const digest = vote.kind === "nullify" ? ("nullified" as Digest) : vote.digest;
        const other = seen.get(`${vote.kind}/${vote.view}`);
        if (other !== undefined && other !== digest) isForked = true;
        seen.set(`${vote.kind}/${vote.view}`, digest);
      }
      const accused = [...offenders].find((offender) => honest.includes(offender));
      if (accused !== undefined) violations.push(`evidence against honest validator ${accused}`);
    }
    for (let view = 1; view <= views; view++) {
      if (seen.has(`nullify/${view}`) && seen.has(`finalize/${view}`)) isForked = true;
    }
    const chains = states.map(({ committed }) => committed);
    const longest = Math.max(...chains.map(({ length }) => length));
    for (let i = 0; i < longest; i++) {
      if (new Set(chains.map((chain) => chain[i]).filter((digest) => digest !== undefined)).size > 1) isForked = true;
    }
    if (!isForked) return;
    forks++;
    if (liars.length <= 1) violations.push(`two truths: ${JSON.stringify([...seen])}`);
    if (convicted(states) <= count / 3) unpunished++;
  };

  /** Liars with two contradictory statements in what the honest validators hold together. */
  const convicted = (states: readonly ReturnType<LocalStates["of"]>[]): number => {
    const said = new Map<string, Set<string>>();
    for (const { core } of states) {
      for (const record of core.views.values()) {
        for (const kind of ["notarize", "nullify", "finalize"] as const) {
          const certificate = {
            notarize: record.notarization,
            nullify: record.nullification,
            finalize: record.finalization,
          }[kind];
          const votes = [...record[kind].values(), ...(certificate === undefined ? [] : scheme.votesOf(certificate))];
          for (const { signer, vote } of votes) {
            const key = `${signer}/${record.view}`;
            const text = vote.kind === "nullify" ? "nullify" : `${vote.kind} ${vote.digest}`;
            said.set(key, (said.get(key) ?? new Set()).add(text));
          }
        }
      }
    }
    const guilty = new Set<string>();
    for (const [key, statements] of said) {
      const blocks = new Set([...statements].filter((one) => one !== "nullify").map((one) => one.split(" ")[1]));
      const finalizes = [...statements].some((one) => one.startsWith("finalize"));
      if (blocks.size > 1 || (finalizes && statements.has("nullify"))) guilty.add(key.split("/")[0] as string);
    }
    return guilty.size;
  };

  const start = locals.map(({ initial }) => initial);
  const visited = new Set<string>([start.join()]);
  const open: number[][] = [start];
  let steps = 0;
  while (open.length > 0 && visited.size < statesMax && violations.length === 0) {
    const ids = open.pop() as number[];
    look(ids);
    const soup: Action[] = soupOf(ids).map((message) => ({ kind: "deliver", message }));
    for (const [i, local] of locals.entries()) {
      const id = ids[i] as number;
      const state = local.of(id);
      const actions: Action[] = state.core.current > views ? soup : [...soup, { kind: "timeout" }];
      if (state.restarts < restarts) actions.push({ kind: "restart" });
      for (const action of actions) {
        steps++;
        const next = local.after(id, action);
        if (next === id) continue;
        const after = ids.with(i, next);
        const key = after.join();
        if (visited.has(key)) continue;
        visited.add(key);
        open.push(after);
      }
    }
  }
  const localStates = locals.reduce((sum, local) => sum + local.count, 0);
  return { states: visited.size, steps, localStates, exhausted: open.length === 0, violations, forks, unpunished };
}
