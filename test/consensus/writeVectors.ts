// Regenerates test/vectors/consensus.json and test/vectors/transcripts. Changing the former changes what validators
// sign and send: a decision, not a chore.
import { mkdirSync, writeFileSync } from "node:fs";
import { transcripts } from "./transcripts.ts";
import { vectors } from "./vectors.ts";

const folder = new URL("../vectors/", import.meta.url);
writeFileSync(new URL("consensus.json", folder), `${JSON.stringify(vectors(), null, 2)}\n`);
mkdirSync(new URL("transcripts/", folder), { recursive: true });
for (const [name, text] of transcripts()) writeFileSync(new URL(`transcripts/${name}.txt`, folder), text);
