import type { AllotCore } from "../../clients/context.ts";
import { RegistrationError } from "../../errors/registrationError.ts";
import { type ReadRegistrationFileParameters, readRegistrationFile } from "../../registration/readRegistrationFile.ts";
import type { RegistrationFile } from "../../registration/registrationFile.ts";
import { getAgent } from "../agents/getAgent.ts";

export interface ReadAgentFileParameters extends Omit<ReadRegistrationFileParameters, "uri"> {
  readonly agentId: bigint;
}

/** Whether the agent's own file says that it belongs to this registration. */
export interface AgentFile {
  readonly file: RegistrationFile;
  /**
   * True when the file names this agent of this registry. Anybody can point its agent to another's file; only whoever
   * controls the file can name the agent in it.
   */
  readonly namesAgent: boolean;
}

/**
 * Reads an agent's registration file (ERC-8004) where its URI points.
 *
 * Throws `RegistrationError` when the agent has no URI or the file is unreadable or none; `RevertedError`
 * (`ERC721NonexistentToken`).
 * @example
 * ```ts
 * const { file, namesAgent } = await readAgentFile(client, { agentId: 7n });
 * ```
 */
export async function readAgentFile(client: AllotCore, parameters: ReadAgentFileParameters): Promise<AgentFile> {
  const { agentId, ...reading } = parameters;
  const [{ uri }, { chainId }] = await Promise.all([getAgent(client, { agentId }), client.allot.network()]);
  if (uri === "") {
    const sentence = "The agent has no registration file: its URI is empty. Ask its owner to set one with setAgentUri.";
    throw new RegistrationError("REGISTRATION_UNREADABLE", sentence, { facts: { agentId } });
  }
  const file = await readRegistrationFile({ ...reading, uri });
  const registry = `eip155:${chainId}:${client.allot.rules.identityRegistry}`.toLowerCase();
  const namesAgent = (file.registrations ?? []).some(
    (one) => BigInt(one.agentId) === agentId && one.agentRegistry.toLowerCase() === registry,
  );
  return { file, namesAgent };
}
