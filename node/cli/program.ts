// Every command and verb of the command line, put together. A command's work is imported only when the command runs, so
// that --help is quick.
import { Command } from "commander";
import { addAgents } from "./commands/agents.ts";
import { addAttest } from "./commands/attest.ts";
import { addDevnet } from "./commands/devnet.ts";
import { addDisputes } from "./commands/disputes.ts";
import { addEvidence } from "./commands/evidence.ts";
import { addGenesis } from "./commands/genesis.ts";
import { addGovernance } from "./commands/governance.ts";
import { addInit } from "./commands/init.ts";
import { addKeys } from "./commands/keys.ts";
import { addMarket } from "./commands/market.ts";
import { addSlash } from "./commands/slash.ts";
import { addStart } from "./commands/start.ts";
import { addTestnet } from "./commands/testnet.ts";
import { addValidators } from "./commands/validators.ts";
import { addVersion } from "./commands/version.ts";
import { addWatch } from "./commands/watch.ts";

/** A fresh program, ready to parse arguments. */
export function allotProgram(): Command {
  const program = new Command("allot")
    .description("A permissioned ledger that assigns tasks to agents of organisations that do not trust each other.")
    .exitOverride()
    .configureHelp({ helpWidth: 110, showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "allot: ")) })
    .addHelpText(
      "after",
      `
Try it on this machine:
  allot devnet                              four validators, JSON-RPC on ports 8545 to 8548, funded accounts

Run a network of your own:
  allot testnet --validators 4 --hosts a.example.org,b.example.org,c.example.org,d.example.org --output network
  allot start --dir network/validator-0     on each machine, with its own folder

Follow and police a market, from outside, with any node's URL:
  allot watch                               what happens, live
  allot market list | agents list | slash faults | validators list | governance proposals

"allot <command> --help" tells more. Exit codes: 0 done, 2 something to mend in the call, 1 anything else.`,
    );

  const ofANode = [addDevnet, addInit, addTestnet, addStart, addKeys, addGenesis];
  const ofAMarket = [addMarket, addAgents, addAttest, addSlash, addEvidence, addDisputes];
  const ofANetwork = [addValidators, addGovernance, addWatch];
  for (const add of [...ofANode, ...ofAMarket, ...ofANetwork, addVersion]) add(program);
  return program;
}
