// An agent: bids what the work costs it, does the work, delivers, and takes over what another left undone. One that
// "never-delivers" does everything but the last. One on the panel votes on disputes, and any objects when its work is
// rejected although it is right.
import { join as joinPath, resolve } from "node:path";
import type { Hex } from "viem";
import { type PostedTask, runAgent } from "../../../sdk/index.ts";
import { dirnameOf } from "../files.ts";
import { costOf } from "../marketFile.ts";
import type { RoleContext } from "../roleContext.ts";
import { specificationOf } from "../specification.ts";
import { doWork } from "../work.ts";
import { objectWhenWronged, voteOnDisputes } from "./disputes.ts";
import { fileSize, join } from "./join.ts";

export async function runAgentRole(context: RoleContext): Promise<void> {
  const { client, config, market, tell, say } = context;
  const { agentId, address } = await join(context);
  const self = market.agents.find((one) => one.name === config.name);
  const folder = dirnameOf(config.marketFile);
  const delivers = self?.behaviour !== "never-delivers";

  const cost = (task: PostedTask): bigint | undefined => {
    const { kind, file } = specificationOf(task.uri);
    const amount = self && costOf(self, kind, fileSize(resolve(folder, file)));
    return amount !== undefined && amount > 0n && amount <= task.reserve ? amount : undefined;
  };

  const work = async (task: PostedTask): Promise<Hex> => {
    const { kind, file } = specificationOf(task.uri);
    return doWork(kind, resolve(folder, file));
  };

  await runAgent(client, {
    agentId,
    decide: cost,
    work: ({ task }) => (delivers ? work(task) : new Promise<Hex>(() => undefined)),
    takeOver: (task, offer) => delivers && offer.price >= (cost(task) ?? task.reserve),
    cursorFile: joinPath(config.directory, "cursor"),
    onEvent: (event) => {
      if (event.kind === "refused")
        say(`${event.stage} of task ${event.taskId} refused: ${event.error.message.split("\n")[0]}`);
    },
  });
  objectWhenWronged(context, address);
  if (self?.panel === true) voteOnDisputes(context, agentId);
  tell({ kind: "ready" });
}
