#!/usr/bin/env node
// The command line.
import { exitCodes, reportFailure } from "./exit.ts";
import { allotProgram } from "./program.ts";

const program = allotProgram();

try {
  if (process.argv.length <= 2) {
    program.outputHelp({ error: true });
    process.exitCode = exitCodes.refused;
  } else await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
