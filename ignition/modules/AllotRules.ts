// The rules for `hardhat ignition deploy`. Who founds the network, and at which pace it runs, stands in the JSON file that
// the environment variable ALLOT_RULES_FILE names; without it, ignition/rules.example.json with Hardhat's first accounts.
import { fileURLToPath } from "node:url";
import { readRulesFile } from "../rulesFile.ts";
import { rulesModule } from "../rulesModule.ts";

const example = fileURLToPath(new URL("../rules.example.json", import.meta.url));
const { parameters, founding } = readRulesFile(process.env.ALLOT_RULES_FILE ?? example);

export default rulesModule("AllotRules", parameters, founding);
