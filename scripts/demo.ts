// `npm start`, the main job: four validators as processes, a market of agents, requesters and an evaluator as processes
// on top, one validator killed on the way, everything checked at the end.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { type Devnet, startDevnet } from "../node/cli/devnet.ts";
import { exitCodes, reportFailure } from "../node/cli/exit.ts";
import { integerFlag } from "../node/cli/flags.ts";
import { networkOf } from "../node/cli/newNetworkFlags.ts";
import { table } from "../node/cli/output.ts";
import { untilSignal } from "../node/cli/untilSignal.ts";
import type { Founding } from "../node/genesis/founding.ts";
import { defaultChainId } from "../node/genesis/parameters.ts";
import { AllotError } from "../node/types/errors.ts";
import { attestAgents } from "./demo/attest.ts";
import { createBooks } from "./demo/books.ts";
import { createCertificateCheck } from "./demo/certificates.ts";
import { compareState } from "./demo/compareState.ts";
import { issuedBy } from "./demo/creditBook.ts";
import { claimDemoFolder, type DemoFolder } from "./demo/demoFolder.ts";
import { followChain } from "./demo/follow.ts";
import { type Behaviour, equivocates, type Market, readMarketFile } from "./demo/marketFile.ts";
import { marketLimitMs } from "./demo/marketLimit.ts";
import { type Outage, takeDown } from "./demo/outage.ts";
import { pause, pauseUntilAfter } from "./demo/pause.ts";
import { everybody, foundingWithPeople, type People, type Person, peopleOf } from "./demo/people.ts";
import type { Role } from "./demo/roleConfig.ts";
import { type RoleProcess, startRole } from "./demo/roleProcess.ts";
import type { AssignmentNews } from "./demo/scoreboard.ts";
import { type Judgement, judge } from "./demo/summary.ts";
import { superviseValidators } from "./demo/supervise.ts";

interface Flags {
  readonly dir: string;
  readonly market: string;
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly exit?: boolean;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const validatorCount = 4;
/** How long after the last task evidence may take to be judged. */
const punishmentMs = 20_000;
const started = performance.now();

function say(text: string): void {
  const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

interface Network {
  readonly devnet: Devnet;
  readonly founding: Founding;
}

async function startNetwork(flags: Flags, folder: DemoFolder, people: People): Promise<Network> {
  say(`starting ${validatorCount} validators`);
  let founding = foundingWithPeople([], people);
  const devnet = await startDevnet({
    directory: folder.network,
    validators: validatorCount,
    p2pPort: flags.p2pPort,
    rpcPort: flags.rpcPort,
    engine: "ethereumjs",
    logLevel: "info",
    networkFor: (entries) => {
      founding = foundingWithPeople(entries, people);
      return networkOf({ chainId: defaultChainId, rules: "development" }, entries, "local", founding);
    },
  });
  const rows = devnet.validators.map((one) => [one.name, one.rpcUrl(), `process ${one.pid()}`, one.logFile]);
  process.stdout.write(`${table([["validator", "JSON-RPC", "", "log"], ...rows])}\n`);
  return { devnet, founding };
}

const roleOf = (behaviour: Behaviour): Role => {
  if (equivocates(behaviour)) return "equivocator";
  return behaviour === "lapses" ? "lapsed" : "agent";
};

interface Stage extends Network {
  readonly folder: DemoFolder;
  readonly market: Market;
  readonly people: People;
  readonly flags: Flags;
  /** Everything that is to be stopped at the end, last started first. */
  readonly stops: (() => Promise<void> | void)[];
  /** Ends the run: something ended that should not. */
  readonly fail: (error: unknown) => void;
}

async function runMarket(stage: Stage): Promise<Judgement> {
  const { devnet, market, people, flags, folder } = stage;
  const urls = devnet.validators.map((one) => one.rpcUrl());
  const names = new Map(everybody(people).map(({ address, name }) => [address.toLowerCase(), name]));
  const nameOf = (address: string): string => names.get(address.toLowerCase()) ?? address;
  let awards = 0;
  const certificates = createCertificateCheck({
    genesis: devnet.genesis,
    urls: () => devnet.validators.filter((one) => one.running()).map((one) => ({ name: one.name, url: one.rpcUrl() })),
    taskOf: (taskId) => board.tasks.get(taskId),
    nameOf,
    say,
  });
  const onAssigned = (news: AssignmentNews): void => {
    awards++;
    certificates.check(news);
  };
  const books = createBooks({
    nameOf,
    say,
    onAssigned,
    credits: issuedBy(stage.founding, devnet.validators.length),
  });
  const { board, panel, reports, reputation, timing } = books;
  const follower = followChain(urls, 0, books.take, stage.fail);
  stage.stops.push(() => follower.close());

  let turn = 0;
  const begin = (role: Role, { name, privateKey }: Person, relayKey?: Person): RoleProcess => {
    const first = turn++ % urls.length;
    const config = {
      ...{ role, name, privateKey, relayKey: relayKey?.privateKey },
      chainId: devnet.genesis.chainId,
      networkId: devnet.genesis.networkId,
      rpcUrls: [...urls.slice(first), ...urls.slice(0, first)],
      marketFile: resolve(flags.market),
      directory: folder.participant(name),
      evaluator: people.evaluator.address,
    };
    const participant = startRole(config, (message) => {
      if (message.kind === "sent") timing.sent(message.hash, message.atMs);
      if (message.kind === "says") say(`         ${name}: ${message.text}`);
      reports.take(name, message);
    });
    stage.stops.push(() => participant.stop());
    void participant.failed.then(stage.fail);
    return participant;
  };

  const work = async (): Promise<Outage> => {
    say(`${people.agents.length} agents, an evaluator and a watchdog join, each a process of its own`);
    const joining = [
      begin("evaluator", people.evaluator),
      begin("watchdog", people.watchdog),
      ...market.agents.map(({ behaviour }, i) => {
        const person = people.agents[i] as Person;
        return begin(roleOf(behaviour), person, people.relays.get(person.name));
      }),
    ];
    await Promise.all(joining.map((one) => one.ready));
    while (board.agentNames.size < people.agents.length) await pause(50);
    const ids = new Map([...board.agentNames].map(([agentId, name]) => [name, agentId]));
    const network = { chainId: devnet.genesis.chainId, rpcUrls: urls };
    const { attested, revoked } = await attestAgents(network, people.attester, market, ids);
    say(`the attester has attested ${attested} capabilities, and revoked ${revoked} of them`);
    const voters = market.agents.filter((agent) => agent.panel).length;
    while (panel.members.size < voters) await pause(50);
    say(`${voters} agents are on the panel`);
    // Members are drawn for what is posted in a later second.
    await pauseUntilAfter(Math.max(0, ...panel.members.values()));
    say(`${market.requesters.length} requesters post ${market.tasks.length} tasks, ${market.tasksAtOnce} at a time`);
    const requesters = people.requesters.map((person) => begin("requester", person));
    const outage = afterAwards(stage, () => awards);
    await Promise.all(requesters.map((one) => one.done));
    // The last evidence, and the last bond, may still be on their way.
    const guilty = market.agents.filter(({ behaviour }) => behaviour !== "honest" && behaviour !== "lapses").length;
    const isOver = (): boolean =>
      new Set(board.slashes.map(({ agentId }) => agentId)).size >= guilty &&
      [...panel.disputes.values()].every(({ ruling }) => ruling !== undefined);
    const waitUntil = performance.now() + punishmentMs;
    while (!isOver() && performance.now() < waitUntil) await pause(50);
    return outage;
  };
  const limitMs = marketLimitMs(market);
  let limit: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    limit = setTimeout(() => {
      const open = [...board.tasks.values()].filter((task) => task.outcome !== "paid" && task.outcome !== "refunded");
      const text = `the market did not end within ${Math.round(limitMs / 1_000)} s; open tasks: ${open.map(({ taskId }) => taskId).join(", ")}`;
      reject(new AllotError("MARKET_TOO_LONG", { limitMs }, text));
    }, limitMs);
  });
  // A timer that is left running would keep the process alive long after the market.
  const outage = await Promise.race([work(), tooLong]).finally(() => clearTimeout(limit));
  await certificates.settled();
  const { height: common, roots } = await compareState(devnet);
  while (books.height < common) await pause(20);
  const conservation = await books.credits.check(devnet.validators[0]?.rpcUrl() ?? "", common);
  const unfounded = await reports.unfounded(devnet.validators[0]?.rpcUrl() ?? "");
  const addressOf = (name: string): string => everybody(people).find((one) => one.name === name)?.address ?? "";
  const run = {
    market,
    board,
    panel,
    reports,
    reputation,
    certificates,
    timing,
    outage,
    height: common,
    stateRoots: roots,
  };
  return judge({ ...run, credits: conservation, unfounded, addressOf });
}

/** The outage of the market file, once so many units have been awarded. */
async function afterAwards({ devnet, market }: Stage, awards: () => number): Promise<Outage> {
  const { validator, afterAwards: wanted, seconds } = market.outage;
  while (awards() < wanted) await pause(50);
  const victim = devnet.validators[validator - 1];
  if (victim === undefined) {
    throw new AllotError("NO_SUCH_VALIDATOR", { validator }, `there is no validator ${validator} to take down`);
  }
  return takeDown(victim, devnet.validators, seconds * 1_000, say);
}

async function run(flags: Flags): Promise<void> {
  const market = readMarketFile(flags.market);
  const signal = untilSignal();
  const folder = claimDemoFolder(flags.dir);
  const stops: Stage["stops"] = [() => folder.release()];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.reverse()) await stop();
  };
  let fail: Stage["fail"] = () => undefined;
  try {
    if (folder.replaced) say(`removed what an earlier run left in ${flags.dir}`);
    const people = peopleOf(market);
    const { devnet, founding } = await startNetwork(flags, folder, people);
    stops.push(() => devnet.stop());
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    stops.push(superviseValidators(devnet, say, fail));
    const result = await Promise.race([
      runMarket({ devnet, founding, folder, market, people, flags, stops, fail }),
      failed,
      signal,
    ]);
    if (result === undefined) {
      say("interrupted: stopping everything");
      process.exitCode = exitCodes.failed;
      return;
    }
    process.stdout.write(`\n${result.text}\n\n`);
    for (const problem of result.problems) process.stdout.write(`NOT AS IT SHOULD BE: ${problem}\n`);
    if (result.problems.length > 0) process.exitCode = exitCodes.failed;
    else process.stdout.write("Every task ended as it should, every certificate verified, every culprit was caught.\n");
    if (flags.exit === true) return;
    say("the validators stay up for you to explore; Ctrl-C stops them");
    await Promise.race([signal, failed]);
    say("stopping everything");
  } finally {
    await stopAll();
  }
}

const program = new Command("npm start --")
  .description("run four validators and the example market on this machine, and check everything at the end")
  .option("--dir <folder>", "where the network and the participants keep their data", join(root, ".allot", "demo"))
  .option("--market <file>", "the market to run", join(root, "examples", "market.json"))
  .option(
    "--rpc-port <port>",
    "JSON-RPC port of the first validator, the others count up; 0: any free",
    integerFlag("--rpc-port", 0, 65_535),
    8545,
  )
  .option(
    "--p2p-port <port>",
    "first port between validators; 0: any free",
    integerFlag("--p2p-port", 0, 65_535),
    26_656,
  )
  .option("--exit", "stop everything at the end; exit code 0 only when all is as it should be")
  .addHelpText(
    "after",
    "\nExamples:\n  npm start\n  npm start -- --exit\n  npm start -- --market my-market.json --rpc-port 9545 --dir my-market",
  )
  .exitOverride()
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
// Left at once: where the market was interrupted, its steps would go on waiting for what no longer comes.
process.exit();
