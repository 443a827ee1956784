// What a task of the example market asks for, as it stands behind the task's URI.
import { type Hex, keccak256, stringToBytes } from "viem";
import { z } from "zod";
import { checkValue, parseJson } from "../../node/config/jsonFile.ts";
import { strictObject, text } from "../../node/config/schemas.ts";
import { workKinds } from "./work.ts";

const schema = strictObject({ kind: z.enum(workKinds), file: text });

export type TaskSpecification = z.output<typeof schema>;

const prefix = "data:application/json,";

/** The URI holds the specification itself, so that everybody can read what was asked for. */
export function specificationUri(specification: TaskSpecification): { readonly uri: string; readonly hash: Hex } {
  const json = JSON.stringify(specification);
  return { uri: `${prefix}${encodeURIComponent(json)}`, hash: keccak256(stringToBytes(json)) };
}

/** @throws AllotError BAD_JSON or BAD_VALUE for a URI that this market did not make */
export function specificationOf(uri: string): TaskSpecification {
  const json = uri.startsWith(prefix) ? decodeURIComponent(uri.slice(prefix.length)) : uri;
  return checkValue("task specification", schema, parseJson("task specification", json));
}
