// A method is a name, its parameters' schemas, and a function; the dispatcher does the rest.
import type { Node } from "./node.ts";
import { invalidParametersCode, RpcError } from "./rpcError.ts";
import type { Schema } from "./schema.ts";
import type { Session } from "./session.ts";

export interface Parameter<T> {
  readonly name: string;
  readonly schema: Schema<T>;
}

export const parameter = <T>(name: string, schema: Schema<T>): Parameter<T> => ({ name, schema });

type ValuesOf<P extends readonly Parameter<unknown>[]> = {
  [I in keyof P]: P[I] extends Parameter<infer T> ? T : never;
};

/** Who calls: the node asked, and the WebSocket connection, if it is one. */
export interface Caller {
  readonly node: Node;
  readonly session: Session | undefined;
  /** The request's id in logs: the client's x-request-id, or one of ours. */
  readonly request?: string;
}

export interface Method {
  readonly name: string;
  readonly parameters: readonly Parameter<unknown>[];
  /** The result, made of what JSON can hold. */
  call(caller: Caller, parameters: readonly unknown[]): unknown;
}

export function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  handle: (caller: Caller, ...values: ValuesOf<P>) => unknown,
): Method {
  return {
    name,
    parameters,
    call(caller, given) {
      if (given.length > parameters.length) {
        throw new RpcError(
          invalidParametersCode,
          `${name} takes ${parameters.length === 0 ? "no parameters" : `at most ${parameters.length} parameters (${parameters.map((each) => each.name).join(", ")})`}, not ${given.length}`,
        );
      }
      const values = parameters.map((each, index) => each.schema.parse(given[index], each.name));
      return handle(caller, ...(values as ValuesOf<P>));
    },
  };
}
