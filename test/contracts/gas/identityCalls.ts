// Agents' identity, reputation and validation.
import { id, ZeroHash } from "ethers";
import { newKey, ownerAt } from "../actors.ts";
import type { GasBook } from "./gasBook.ts";

const URI = "data:application/json;base64,eyJuYW1lIjoiYSJ9";
const FAR_DEADLINE = 2n ** 40n;
const WALLET_TYPES = {
  AgentWalletSet: [
    { name: "agentId", type: "uint256" },
    { name: "newWallet", type: "address" },
    { name: "owner", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

export async function identityCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { IdentityRegistry: registry } = rules.contracts;
  const owner = ownerAt(rules, 10);
  const other = ownerAt(rules, 11);
  const agentId = await registry.agentCount();
  await gas.send("IdentityRegistry", "register()", owner);
  await gas.send("IdentityRegistry", "register(string)", owner, URI);
  const entries = [{ metadataKey: "kind", metadataValue: "0x01" }];
  await gas.send("IdentityRegistry", "register(string,(string,bytes)[])", owner, URI, entries);
  for (const uri of [URI, `${URI}=`]) await gas.send("IdentityRegistry", "setAgentURI", owner, agentId, uri);
  for (const value of ["0x01", "0x02"])
    await gas.send("IdentityRegistry", "setMetadata", owner, agentId, "kind", value);
  const wallet = await newKey(rules);
  const { chainId } = await rules.connection.ethers.provider.getNetwork();
  const domain = {
    name: "ERC8004IdentityRegistry",
    version: "1",
    chainId,
    verifyingContract: rules.at.IdentityRegistry,
  };
  const message = { agentId, newWallet: wallet.address, owner: owner.address, deadline: FAR_DEADLINE };
  const proof = await wallet.signTypedData(domain, WALLET_TYPES, message);
  await gas.send("IdentityRegistry", "setAgentWallet", owner, agentId, wallet.address, FAR_DEADLINE, proof);
  await gas.send("IdentityRegistry", "unsetAgentWallet", owner, agentId);
  await gas.send("IdentityRegistry", "approve", owner, other.address, agentId);
  await gas.send("IdentityRegistry", "setApprovalForAll", owner, other.address, true);
  await gas.send("IdentityRegistry", "transferFrom", other, owner.address, other.address, agentId);
  const safe = "safeTransferFrom(address,address,uint256)";
  await gas.send("IdentityRegistry", safe, other, other.address, owner.address, agentId);
  const safeWithData = "safeTransferFrom(address,address,uint256,bytes)";
  await gas.send("IdentityRegistry", safeWithData, owner, owner.address, other.address, agentId, "0x");
  // The first agent, whose feedback the views ask for.
  const first = 0n;
  await feedbackCalls(gas, first);
  await validationCalls(gas, first);
}

async function feedbackCalls(gas: GasBook, agentId: bigint): Promise<void> {
  const client = gas.rules.requester;
  const give = [
    agentId,
    87n,
    0,
    "quality",
    "text",
    "https://agent.example",
    "ipfs://feedback",
    id("feedback"),
  ] as const;
  for (let i = 0; i < 2; i++) await gas.send("ReputationRegistry", "giveFeedback", client, ...give);
  const answer = [agentId, client.address, 1n, "ipfs://answer", ZeroHash] as const;
  for (let i = 0; i < 2; i++) await gas.send("ReputationRegistry", "appendResponse", gas.rules.stranger, ...answer);
  await gas.send("ReputationRegistry", "revokeFeedback", client, agentId, 2n);
}

async function validationCalls(gas: GasBook, agentId: bigint): Promise<void> {
  const { rules } = gas;
  const ask = [rules.evaluator.address, agentId, "ipfs://request", id("request")] as const;
  await gas.send("ValidationRegistry", "validationRequest", ownerAt(rules, 0), ...ask);
  const answer = (score: number) => [id("request"), score, "ipfs://answer", id("answer"), "quality"] as const;
  for (const score of [80, 90])
    await gas.send("ValidationRegistry", "validationResponse", rules.evaluator, ...answer(score));
}
