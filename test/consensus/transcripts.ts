// Short stories of one validator among four, as text: what came in and what the core asked for. The committed files in
// test/vectors/transcripts are for people to read first; `writeVectors.ts` writes them anew.
import { describe } from "../simulation/trace.ts";
import { nullify, Solo } from "./solo.ts";

const plain = (json: string): string => json.replaceAll('"', "").replaceAll(",", ", ").replaceAll(":", ": ");

function transcriptOf(solo: Solo): string {
  const lines = solo.steps.flatMap(({ before, input, effects }) => [
    `view ${before.current} < ${plain(describe(input))}`,
    ...effects.map((effect) => `    > ${plain(describe(effect))}`),
  ]);
  return `${lines.join("\n")}\n`;
}

const stories = {
  "a-block-from-proposal-to-commit": () => {
    const solo = new Solo();
    const block = solo.block(1, { transactions: ["a"] });
    solo.propose(block);
    solo.receiveVotes([0, 1], {
      kind: "notarize",
      epoch: block.header.epoch,
      view: block.header.view,
      digest: block.digest,
    });
    solo.receiveVotes([0, 1], {
      kind: "finalize",
      epoch: block.header.epoch,
      view: block.header.view,
      digest: block.digest,
    });
    return solo;
  },
  "a-leader-that-says-nothing": () => {
    const solo = new Solo();
    solo.available("some");
    solo.fire("leader");
    solo.fire("retry");
    solo.receiveVotes([0, 2], nullify(1));
    return solo;
  },
  "leading-a-view": () => {
    const solo = new Solo({ self: 1 });
    solo.available("some");
    solo.fire("pace");
    return solo;
  },
  "back-after-a-crash": () => {
    const solo = new Solo();
    solo.receiveCertificate(solo.nullification(1));
    solo.propose(solo.block(2));
    return solo.restart();
  },
} as const;

/** Each story's name and text. */
export const transcripts = (): [string, string][] =>
  Object.entries(stories).map(([name, tell]) => [name, transcriptOf(tell())]);
