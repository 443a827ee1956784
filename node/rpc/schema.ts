// The one layer through which every parameter passes: what JSON-RPC receives is unknown until a schema has named its
// type, and a mistake is answered with the place, what was expected there and what came.
import { invalidParametersCode, RpcError } from "./rpcError.ts";

export interface Schema<T> {
  /** Completes "must be ...". */
  readonly expects: string;
  /** Throws an `RpcError` -32602 that names `path`. */
  parse(value: unknown, path: string): T;
}

export type ValueOf<S> = S extends Schema<infer T> ? T : never;

/** Longest piece of a wrong value that is repeated to its sender. */
const shownCharactersMax = 80;

export function refuse(path: string, expects: string, value: unknown): never {
  throw new RpcError(invalidParametersCode, `${path} must be ${expects}, not ${show(value)}`);
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string" || value.length <= shownCharactersMax) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, shownCharactersMax))}… (${value.length} characters)`;
}

/** A schema from a function that returns undefined for what it does not accept. */
export function scalar<T>(expects: string, read: (value: unknown) => T | undefined): Schema<T> {
  return {
    expects,
    parse(value, path) {
      const result = read(value);
      return result === undefined ? refuse(path, expects, value) : result;
    },
  };
}

/** Accepts what is absent (`undefined` or `null`) as `otherwise`. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined>;
export function optional<T>(inner: Schema<T>, otherwise: T): Schema<T>;
export function optional<T>(inner: Schema<T>, otherwise?: T): Schema<T | undefined> {
  return {
    expects: `${inner.expects} or nothing`,
    parse: (value, path) => (value === undefined || value === null ? otherwise : inner.parse(value, path)),
  };
}

export function arrayOf<T>(inner: Schema<T>, countMax: number): Schema<readonly T[]> {
  const expects = `an array of at most ${countMax} values`;
  return {
    expects,
    parse(value, path) {
      if (!Array.isArray(value)) refuse(path, expects, value);
      if (value.length > countMax) {
        throw new RpcError(
          invalidParametersCode,
          `${path} has ${value.length} values; at most ${countMax} are allowed`,
        );
      }
      return value.map((each, index) => inner.parse(each, `${path}[${index}]`));
    },
  };
}

type Shape = Readonly<Record<string, Schema<unknown>>>;
type ObjectOf<S extends Shape> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** An object with these fields and no others: a misspelt field is a mistake, not a wish for the default. */
export function object<S extends Shape>(shape: S): Schema<ObjectOf<S>> {
  const names = Object.keys(shape);
  const expects = `an object with the fields ${names.join(", ")}`;
  return {
    expects,
    parse(value, path) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, expects, value);
      const given = value as Record<string, unknown>;
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(shape, name)) {
          throw new RpcError(invalidParametersCode, `${path}.${name} is no field here; known are ${names.join(", ")}`);
        }
      }
      const entries = Object.entries(shape).map(([name, inner]) => [name, inner.parse(given[name], `${path}.${name}`)]);
      return Object.fromEntries(entries);
    },
  };
}

/** The first alternative whose test accepts the value. */
export function either<A, B>(isFirst: (value: unknown) => boolean, first: Schema<A>, second: Schema<B>): Schema<A | B> {
  return {
    expects: `${first.expects} or ${second.expects}`,
    parse: (value, path) => (isFirst(value) ? first : second).parse(value, path),
  };
}
