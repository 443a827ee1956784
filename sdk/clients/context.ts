import type { Account, Chain, Client, LocalAccount, Transport } from "viem";
import type { SignLock } from "../agent/signLock.ts";
import type { RuleAddresses } from "../contracts.ts";
import { ClientError } from "../errors/clientError.ts";
import type { TransactionQueue } from "../transactions/transactionQueue.ts";
import type { Network } from "../typedData/domain.ts";

/** Any viem client. */
export type BaseClient = Client<Transport, Chain | undefined, Account | undefined>;

/** What Allot's actions need beyond a viem client. */
export interface AllotContext {
  readonly rules: RuleAddresses;
  /** Chain id and network id: given to `createAllotClient`, or asked of the node once. */
  network(): Promise<Network>;
  /** Sends the account's transactions in order. Undefined on a client that only reads. */
  readonly transactions: TransactionQueue | undefined;
  /** How long to keep trying while no node takes a transaction. */
  readonly sendTimeoutMs: number;
  /** Holds what the account states, before it is signed. */
  readonly signLock: SignLock | undefined;
}

/** A client that Allot's actions take: `createAllotClient` makes one. */
export type AllotCore = BaseClient & { readonly allot: AllotContext };

/** The client's account, which must be able to sign by itself: statements cannot be signed by a node. */
export function requireAccount(client: AllotCore): LocalAccount {
  const { account } = client;
  if (account?.type === "local") return account;
  throw new ClientError(
    "ACCOUNT_MISSING",
    "This action signs, and the client has no local account. Give createAllotClient an account, for example privateKeyToAccount(key).",
    { facts: { account: account?.address } },
  );
}
