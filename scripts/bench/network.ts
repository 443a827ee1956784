// Four validator processes on this machine with the load's accounts in genesis, each an organisation of its own,
// because a tender takes one agent per organisation.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { bytesToHex } from "viem";
import { type Devnet, startDevnet } from "../../node/cli/devnet.ts";
import { foundingOf, networkOf } from "../../node/cli/newNetworkFlags.ts";
import { defaultChainId } from "../../node/genesis/parameters.ts";
import { credit } from "../../node/genesis/rulesParameters.ts";
import { Address } from "../../node/types/brands.ts";
import { watchFinality } from "./finality.ts";
import { type LoadAccount, loadAccount } from "./loadAccount.ts";
import type { LoadNetwork } from "./population.ts";
import { connectRpc } from "./rpc.ts";

export interface BenchNetwork extends LoadNetwork {
  readonly devnet: Devnet;
  /** The load. */
  readonly accounts: readonly LoadAccount[];
  readonly requester: LoadAccount;
  readonly evaluator: LoadAccount;
  readonly attester: LoadAccount;
  close(): Promise<void>;
}

const validatorCount = 4;
const creditsEach = 1_000_000n * credit;

export async function startBenchNetwork(directory: string, accountCount: number): Promise<BenchNetwork> {
  const chainId = defaultChainId;
  const fresh = (): LoadAccount => loadAccount(chainId, bytesToHex(randomBytes(32)));
  const accounts = Array.from({ length: accountCount }, fresh);
  const [requester, evaluator, attester] = [fresh(), fresh(), fresh()];
  const all = [...accounts, requester, evaluator, attester].map(({ address }) => Address(address.toLowerCase()));
  const devnet = await startDevnet({
    directory,
    validators: validatorCount,
    p2pPort: 0,
    rpcPort: 0,
    engine: "ethereumjs",
    logLevel: "warn",
    networkFor: (entries) => {
      const seats = foundingOf(entries);
      return networkOf({ chainId, rules: "development" }, entries, "local", {
        ...seats,
        organisations: [...seats.organisations, ...all.map((member, i) => ({ name: `load-${i}`, members: [member] }))],
        credits: [...seats.credits, ...all.map((holder) => ({ holder, amount: creditsEach }))],
        attesters: [Address(attester.address.toLowerCase())],
      });
    },
  });
  const validators = devnet.validators.map((one) => connectRpc(one.rpcUrl()));
  const [first] = validators;
  const finality = await watchFinality(devnet.validators[0]?.rpcUrl() ?? "", first ?? connectRpc(""));
  return {
    devnet,
    chainId,
    networkId: devnet.genesis.networkId,
    validators,
    finality,
    accounts,
    requester,
    evaluator,
    attester,
    async close() {
      finality.close();
      for (const one of validators) one.close();
      await devnet.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
