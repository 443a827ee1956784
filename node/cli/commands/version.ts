import type { Command } from "commander";
import { allotVersion } from "../../version.ts";
import { type OutputOptions, print } from "../output.ts";

export function addVersion(program: Command): void {
  program
    .command("version")
    .description("show the versions of Allot and of the Node that runs it")
    .option("--json", "print JSON")
    .action((options: OutputOptions) => {
      const versions = {
        allot: allotVersion(),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
      };
      print(options, versions, ({ allot, node, platform }) => `allot ${allot} (Node ${node}, ${platform})`);
    });
}
