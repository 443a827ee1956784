// Versions of what flows between two validators, below the messages. A validator speaks a range of them; two that
// connect agree on the highest that both speak, each time anew, so that a network is upgraded one validator after the
// other. What a version is never changes once a release has spoken it.
//   1  frames one after the other: length ‖ payload (node/network/frame.ts)
//   2  frames in chunks, in two lanes: consensus passes between the chunks of a long answer to a fetch (node/network/chunk.ts)

export const wireVersions = [1, 2] as const;
export type WireVersion = (typeof wireVersions)[number];
export const newestWireVersion: WireVersion = 2;

/** The versions up to one, the highest first: the order in which they are offered. */
export const wireVersionsUpTo = (highest: WireVersion): readonly WireVersion[] =>
  wireVersions.filter((version) => version <= highest).toReversed();

/** The name of a version on one network. */
export const protocolOf = (network: string, version: number): string => `${network}/consensus/${version}`;

/** Versions in a list of a peer's protocols, which may be some that this release does not know. */
export function versionsIn(network: string, protocols: readonly string[]): readonly number[] {
  const prefix = protocolOf(network, 0).slice(0, -1);
  return protocols
    .filter((protocol) => protocol.startsWith(prefix) && /^\d{1,9}$/.test(protocol.slice(prefix.length)))
    .map((protocol) => Number(protocol.slice(prefix.length)))
    .sort((a, b) => a - b);
}
