// The agent whose capabilities have been revoked: it bids all the same, past the SDK's own try, so that everybody can see
// the rules refuse it on chain.
import { resolve } from "node:path";
import { RevertedError } from "../../../sdk/index.ts";
import { dirnameOf } from "../files.ts";
import { costOf } from "../marketFile.ts";
import type { RoleContext } from "../roleContext.ts";
import { specificationOf } from "../specification.ts";
import { fileSize, join } from "./join.ts";

/** A call that the rules refuse cannot be tried first. */
const commitGas = 400_000n;

export async function runLapsed(context: RoleContext): Promise<void> {
  const { client, config, market, tell, say } = context;
  const { agentId } = await join(context);
  const self = market.agents.find((one) => one.name === config.name);
  let bids = 0;
  client.watchTasks({
    onTask: async ({ taskId, tenderId, uri, reserve }) => {
      const { kind, file } = specificationOf(uri);
      const amount = self && costOf(self, kind, fileSize(resolve(dirnameOf(config.marketFile), file)));
      if (bids > 0 || amount === undefined || amount > reserve) return;
      bids++;
      try {
        await client.commitBid({ tenderId, amount, agentId, gas: commitGas });
        say(`bid for task ${taskId}, and should not have been able to`);
      } catch (error) {
        if (!(error instanceof RevertedError) || error.transactionHash === undefined) throw error;
        say(`its bid for task ${taskId} was refused on chain: ${error.rule}`);
        tell({ kind: "refused", rule: error.rule ?? "", hash: error.transactionHash });
      }
    },
  });
  tell({ kind: "ready" });
}
