import { expect } from "chai";
import type { Command } from "commander";
import { allotProgram } from "../../node/cli/program.ts";

/** What --help prints of a command. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe("the help of every verb", () => {
  const groups = allotProgram().commands.filter(({ commands }) => commands.length > 0);

  it("covers what a market is followed and policed with", () => {
    const names = groups.map((group) => group.name());
    expect(names).to.include.members([
      "market",
      "agents",
      "attest",
      "slash",
      "evidence",
      "disputes",
      "validators",
      "governance",
    ]);
  });

  for (const group of groups) {
    it(`explains allot ${group.name()} and each of its verbs, with an example of its own`, () => {
      expect(helpOf(group)).to.match(new RegExp(`Examples:\\n +allot ${group.name()} `));
      for (const verb of group.commands) {
        const call = `allot ${group.name()} ${verb.name()}`;
        expect(verb.description(), call).not.to.equal("");
        for (const argument of verb.registeredArguments) expect(argument.description, call).not.to.equal("");
        for (const option of verb.options) expect(option.description, `${call} ${option.flags}`).not.to.equal("");
        // The keys' examples stand at their group.
        if (group.name() !== "keys" && group.name() !== "genesis") {
          expect(helpOf(verb)).to.match(new RegExp(`Examples?:\\n +${call}\\b`));
        }
      }
    });
  }
});
