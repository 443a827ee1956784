// Every credit, followed by the transfers that the chain announced, and compared with what the chain says at the end.
import { type Address, createPublicClient, decodeEventLog, http, zeroAddress } from "viem";
import type { Founding } from "../../node/genesis/founding.ts";
import { rulesParameters } from "../../node/genesis/rulesParameters.ts";
import { Address as AccountAddress, Digest } from "../../node/types/brands.ts";
import { creditsAbi } from "../../sdk/abis/credits.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { FollowedBlock } from "./follow.ts";

export interface Conservation {
  readonly issued: bigint;
  readonly burned: bigint;
  readonly held: bigint;
  readonly holders: number;
  /** Addresses whose balance on chain is not what the transfers add up to. */
  readonly differing: readonly Address[];
  readonly conserved: boolean;
}

export interface CreditBook {
  take(block: FollowedBlock): void;
  /** Asks a validator for the balances as of `height`, up to which every block has been taken; later ones do not count. */
  check(url: string, height: number): Promise<Conservation>;
}

/** What a new network issues: to its founders, and to the stake of its first validators and attesters. */
export function issuedBy({ credits, attesters }: Founding, validators: number): Founding["credits"] {
  const { validatorMinStake, attesterMinStake } = rulesParameters(Digest(`0x${"00".repeat(32)}`), "development");
  return [
    ...credits,
    { holder: AccountAddress(ruleAddresses.validatorRegistry), amount: validatorMinStake * BigInt(validators) },
    { holder: AccountAddress(ruleAddresses.attesterRegistry), amount: attesterMinStake * BigInt(attesters.length) },
  ];
}

export function createCreditBook(
  founding: readonly { readonly holder: Address; readonly amount: bigint }[],
): CreditBook {
  const credits = ruleAddresses.credits;
  const transfers: { readonly height: number; readonly from: Address; readonly to: Address; readonly value: bigint }[] =
    [];
  const issued = founding.reduce((sum, { amount }) => sum + amount, 0n);

  /** What every holder has, and what is gone, after the block at `height`. */
  function balancesAt(height: number): { readonly balances: ReadonlyMap<Address, bigint>; readonly burned: bigint } {
    const balances = new Map<Address, bigint>();
    const add = (holder: Address, amount: bigint): void => {
      const key = holder.toLowerCase() as Address;
      balances.set(key, (balances.get(key) ?? 0n) + amount);
    };
    for (const { holder, amount } of founding) add(holder, amount);
    let burned = 0n;
    for (const { from, to, value } of transfers.filter((one) => one.height <= height)) {
      add(from, -value);
      if (to === zeroAddress) burned += value;
      else add(to, value);
    }
    return { balances, burned };
  }

  return {
    take(block) {
      for (const { address, data, topics } of block.logs) {
        if (address.toLowerCase() !== credits.toLowerCase()) continue;
        const event = decodeEventLog({ abi: creditsAbi, data, topics });
        if (event.eventName !== "Transfer") continue;
        transfers.push({ height: block.number, ...event.args });
      }
    },
    async check(url, height) {
      const { balances, burned } = balancesAt(height);
      const client = createPublicClient({ transport: http(url) });
      const at = { address: credits, abi: creditsAbi, blockNumber: BigInt(height) } as const;
      const held = await client.readContract({ ...at, functionName: "totalSupply" });
      const differing: Address[] = [];
      let sum = 0n;
      for (const [holder, expected] of balances) {
        const actual = await client.readContract({ ...at, functionName: "balanceOf", args: [holder] });
        sum += actual;
        if (actual !== expected) differing.push(holder);
      }
      const conserved = differing.length === 0 && sum === held && issued - burned === held;
      return { issued, burned, held, holders: balances.size, differing, conserved };
    },
  };
}
