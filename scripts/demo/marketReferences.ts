// What must hold between the parts of a market file, so that everything it shows can happen.
import { rulesParameters } from "../../node/genesis/rulesParameters.ts";
import { Digest } from "../../node/types/brands.ts";
import type { Market, MarketAgent, MarketTask } from "./marketFile.ts";

/** Says what is wrong with the value at a path. */
type Refuse = (path: (string | number)[], message: string) => void;

/** Fewest opened votes that decide a dispute. */
const { quorum } = rulesParameters(Digest(`0x${"00".repeat(32)}`), "development").market.panel;

export function checkReferences(market: Market, refuse: Refuse): void {
  checkPeople(market, refuse);
  market.agents.forEach((agent, i) => {
    const offered = market.tasks.some((task) => does(agent, task) && posterOf(market, task) !== agent.organisation);
    if (!offered)
      refuse(["agents", i, "work"], `no task of another organisation asks for anything that ${agent.name} does`);
  });
  market.tasks.forEach((task, i) => {
    const poster = posterOf(market, task);
    if (poster === undefined) refuse(["tasks", i, "requester"], `there is no requester ${task.requester}`);
    else checkTask(market, task, poster, (field, message) => refuse(["tasks", i, field], message));
  });
  const disputable = market.tasks.filter((task) => task.disputable).length;
  if (market.evaluator.misjudges > disputable) {
    const message = `only ${disputable} tasks are disputable: make more of them so, or let it misjudge fewer`;
    refuse(["evaluator", "misjudges"], message);
  }
}

const does = (agent: MarketAgent, task: MarketTask): boolean => agent.work[task.kind] !== undefined;

const posterOf = ({ requesters }: Market, task: MarketTask): string | undefined =>
  requesters.find(({ name }) => name === task.requester)?.organisation;

function checkPeople({ agents, requesters, evaluator }: Market, refuse: Refuse): void {
  for (const [list, people] of Object.entries({ agents, requesters })) {
    people.forEach((person, i) => {
      if (people.findIndex((other) => other.name === person.name) !== i) {
        refuse([list, i, "name"], `${person.name} is there twice`);
      }
      if (person.organisation === evaluator.organisation) {
        refuse([list, i, "organisation"], `${person.organisation} evaluates deliveries: it can neither bid nor post`);
      }
    });
  }
  agents.forEach((one, i) => {
    if (agents.findIndex((other) => other.organisation === one.organisation) !== i) {
      const message = `${one.organisation} has an agent already: one per organisation and tender`;
      refuse(["agents", i, "organisation"], message);
    }
    if (one.panel && one.behaviour !== "honest") {
      refuse(["agents", i, "panel"], `an agent that ${one.behaviour} may not vote in this market: only honest ones do`);
    }
  });
}

function checkTask(
  { agents }: Market,
  task: MarketTask,
  poster: string,
  refuse: (field: string, message: string) => void,
): void {
  const others = agents.filter(({ organisation }) => organisation !== poster);
  if (others.filter((agent) => does(agent, task) && agent.behaviour === "honest").length < 2) {
    refuse("kind", `needs two honest agents outside ${poster} that do ${task.kind}`);
  }
  // Whoever delivers does not vote on it.
  const voters = others.filter(({ panel }) => panel).length - 1;
  if (task.disputable && voters < quorum) {
    refuse("disputable", `needs ${quorum + 1n} agents outside ${poster} with "panel": true, one of which may deliver`);
  }
}
