// Changes of a JSON value: another type, an extreme, a field missing, renamed or new, anywhere in it.
import type { Random } from "../execution/random.ts";

const extremes: readonly unknown[] = [
  null,
  true,
  "",
  "0x",
  "0x0",
  "0x1",
  "-0x1",
  `0x${"f".repeat(64)}`,
  `0x${"0".repeat(65)}1`,
  `0x${"11".repeat(20)}`,
  "latest",
  "pending",
  "\u0000\ud800",
  "__proto__",
  0,
  -0,
  -1,
  3,
  255,
  4_096,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  {},
  [[[[[[[[]]]]]]]],
];

const names = ["__proto__", "constructor", "length", "toString", "", "address", "topics", "fromBlock"];

export function mutateJson(random: Random, value: unknown): unknown {
  if (Array.isArray(value) && random.chance(0.85)) return mutateArray(random, value);
  if (typeof value === "object" && value !== null && random.chance(0.85)) return mutateObject(random, value);
  if (typeof value === "string" && random.chance(0.7)) return mutateText(random, value);
  return random.pick(extremes);
}

function mutateArray(random: Random, list: readonly unknown[]): readonly unknown[] {
  const at = random.below(list.length + 1);
  if (list.length > 0 && random.chance(0.7)) {
    return list.map((each, i) => (i === at % list.length ? mutateJson(random, each) : each));
  }
  switch (random.below(4)) {
    case 0:
      return list.filter((_, i) => i !== at);
    case 1:
      return [...list, ...list];
    case 2:
      return [...list].reverse();
    default:
      return [...list.slice(0, at), random.pick(extremes), ...list.slice(at)];
  }
}

function mutateObject(random: Random, object: object): object {
  const entries = Object.entries(object);
  const at = random.below(entries.length + 1);
  const [name = "", value] = entries[at] ?? [];
  const others = entries.filter((_, i) => i !== at);
  if (entries[at] === undefined) return Object.fromEntries([...entries, [random.pick(names), random.pick(extremes)]]);
  if (random.chance(0.75)) return Object.fromEntries([...others, [name, mutateJson(random, value)]]);
  return Object.fromEntries(random.chance(0.5) ? others : [...others, [random.pick(names), value]]);
}

function mutateText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.pick(["0", "f", "g", "-", " ", "\n", "é"]) + text.slice(at);
    case 2:
      return text.toUpperCase();
    case 3:
      return text.replace(/^0x/, "");
    case 4:
      return text + text;
    default:
      return text.slice(0, at) + random.pick(["0", "f", "9", "z"]) + text.slice(at + 1);
  }
}
