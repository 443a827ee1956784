// Where a validator's processor time goes: the sampling profiles that Node writes (--cpu-prof), summed by part of the
// program. They cover a process's whole life, so the preparation of a measurement is in them, too.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Parts by where a function is defined; the first that matches counts. Natives count for who calls them. */
const parts: readonly (readonly [string, RegExp])[] = [
  ["EVM loop", /\/node\/execution\/interpreter\//],
  ["state, trie, block store", /\/node\/execution\//],
  ["signature recovery, keccak", /\/node\/crypto\/|\/secp256k1\/|\/hash-wasm\//],
  ["decoding and encoding", /\/node\/types\//],
  ["mempool and application", /\/node\/(mempool|application)\//],
  ["JSON-RPC", /\/node\/rpc\/|\/express\/|\/ws\/|node:(http|_http|internal\/(http|url|querystring))/],
  ["consensus", /\/node\/consensus\//],
  ["log, guard, chain store", /\/node\/storage\/|node:internal\/fs|node:fs/],
  [
    "network",
    /\/node\/network\/|\/libp2p\/|\/@libp2p\/|\/@chainsafe\/|\/it-|\/uint8array|\/protons|\/multiformats\/|node:(_?tls|net|internal\/(stream_base|tls|streams))|node:internal\/streams/,
  ],
  ["driver", /\/node\/\w+\.ts$/],
  ["LMDB", /\/lmdb\//],
];

/** What a profile calls time that is not in a function of the program. */
const special: Readonly<Record<string, string | undefined>> = {
  "(garbage collector)": "garbage collection",
  "(program)": "native code and the kernel",
  "(idle)": undefined,
  "(root)": undefined,
};

export interface ProfileRow {
  readonly part: string;
  /** Of the time that was not idle, 0 to 1. */
  readonly share: number;
}

function partOf(url: string): string | undefined {
  return parts.find(([, pattern]) => pattern.test(url))?.[0];
}

/** Sums the profiles in `folder`; the largest part first. */
export function profileRows(folder: string): readonly ProfileRow[] {
  const sums = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"))) {
    const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
    const parent = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    const names = new Map<number, string | undefined>();
    const nameOf = (id: number): string | undefined => {
      if (names.has(id)) return names.get(id);
      const node = byId.get(id);
      const { functionName = "", url = "" } = node?.callFrame ?? {};
      const up = parent.get(id);
      const name =
        functionName in special && url === ""
          ? special[functionName]
          : (partOf(url) ?? (up === undefined ? undefined : nameOf(up)) ?? "Node and other packages");
      names.set(id, name);
      return name;
    };
    profile.samples.forEach((id, i) => {
      const name = nameOf(id);
      if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0));
    });
  }
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
  return [...sums].map(([part, time]) => ({ part, share: time / total })).sort((a, b) => b.share - a.share);
}
