// The process of one participant: `node role.ts CONFIG`. Stops when its parent goes away.
import { readFileSync } from "node:fs";
import { AllotError, unreachable } from "../../node/types/errors.ts";
import type { RoleConfig } from "./roleConfig.ts";
import { openRole, type RoleContext } from "./roleContext.ts";
import { runAgentRole } from "./roles/agent.ts";
import { runEquivocator } from "./roles/equivocator.ts";
import { runEvaluator } from "./roles/evaluator.ts";
import { runLapsed } from "./roles/lapsed.ts";
import { runRequester } from "./roles/requester.ts";
import { runWatchdog } from "./roles/watchdog.ts";

function run(context: RoleContext): Promise<void> {
  switch (context.config.role) {
    case "agent":
      return runAgentRole(context);
    case "equivocator":
      return runEquivocator(context);
    case "lapsed":
      return runLapsed(context);
    case "evaluator":
      return runEvaluator(context);
    case "requester":
      return runRequester(context);
    case "watchdog":
      return runWatchdog(context);
    default:
      return unreachable(context.config.role);
  }
}

process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));

const [, , file] = process.argv;
if (file === undefined) throw new AllotError("NO_CONFIG", {}, "name the participant's configuration");
await run(await openRole(JSON.parse(readFileSync(file, "utf8")) as RoleConfig));
