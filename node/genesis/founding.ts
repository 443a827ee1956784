// Who is there when a network begins. Organisations count from 1 in the order given here; a validator's `organisation`
// in genesis.json is such a number.
import type { Address } from "../types/brands.ts";

export interface FoundingOrganisation {
  readonly name: string;
  /** Accounts that act for it, the first for its validators: agents' owners, bid keys, requesters, evaluators, attesters,
   * and its validators' reporters. */
  readonly members: readonly Address[];
}

export interface Founding {
  readonly organisations: readonly FoundingOrganisation[];
  /** Credits that exist from the start; amounts in millionths of a credit. */
  readonly credits: readonly { readonly holder: Address; readonly amount: bigint }[];
  /** Accounts that govern, and how many of them must approve a call. */
  readonly operators: readonly Address[];
  readonly operatorQuorum: number;
  /** Accounts whose attestations of capabilities count; each is a member of an organisation. */
  readonly attesters: readonly Address[];
}
