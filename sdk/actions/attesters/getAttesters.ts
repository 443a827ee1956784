import { type Address, isAddressEqual, parseAbiItem } from "viem";
import { getContractEvents, getLogs } from "viem/actions";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { getOperators } from "../governance/getOperators.ts";
import { type Attester, getAttester } from "./getAttester.ts";

export interface ListedAttester extends Attester {
  /** Attestations that it ever made, standing or not. */
  readonly attestations: number;
}

const attested = parseAbiItem(
  "event CapabilityAttested(uint256 indexed agentId, bytes32 indexed capability, address indexed attester, bytes32 uid, bytes32 testRun)",
);

/**
 * Everybody who is an attester, or was or wants to be one: on the operators' list, with stake, or with attestations. The
 * registry cannot be asked for all of them: those that a network began with, and that have done nothing since, are found
 * where they are operators, as on networks that the command line founds; of any other account `getAttester` tells.
 * @example
 * ```ts
 * const attesters = await getAttesters(client);
 * ```
 */
export async function getAttesters(client: AllotCore): Promise<readonly ListedAttester[]> {
  const { attesterRegistry, capabilityResolver } = client.allot.rules;
  const registry = { address: attesterRegistry, abi: attesterRegistryAbi, strict: true } as const;
  const [{ operators }, listed, deposits, made] = await Promise.all([
    getOperators(client),
    inStretches(client, 0n, (stretch) =>
      getContractEvents(client, { ...registry, eventName: "AttesterListed", ...stretch }),
    ),
    inStretches(client, 0n, (stretch) =>
      getContractEvents(client, { ...registry, eventName: "StakeDeposited", ...stretch }),
    ),
    inStretches(client, 0n, (stretch) =>
      getLogs(client, { address: capabilityResolver, event: attested, strict: true, ...stretch }),
    ),
  ]);
  const authors = made.map(({ args }) => args.attester);
  const accounts: readonly Address[] = [
    ...operators,
    ...listed.map(({ args }) => args.attester),
    ...deposits.map(({ args }) => args.account),
    ...authors,
  ];
  const distinct = accounts.filter((one, index) => accounts.findIndex((other) => isAddressEqual(one, other)) === index);
  const found = await Promise.all(
    distinct.map(async (attester) => ({
      ...(await getAttester(client, { attester })),
      attestations: authors.filter((author) => isAddressEqual(author, attester)).length,
    })),
  );
  return found.filter((one) => one.listed || one.bonded + one.unbonding > 0n || one.suspended || one.attestations > 0);
}
