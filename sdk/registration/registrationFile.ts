// An agent's registration file after ERC-8004: what it is, and how it becomes the URI that the registry holds.
import { z } from "zod";
import { RegistrationError } from "../errors/registrationError.ts";

export const registrationType = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";

const text = z.string().min(1);
const service = z.object({ name: text, endpoint: text, version: z.string().optional() }).passthrough();
const registration = z
  .object({
    agentId: z.number().int().nonnegative(),
    agentRegistry: z.string().regex(/^[a-z0-9-]{3,8}:[^:]+:[^:]+$/, "is not {namespace}:{chainId}:{identityRegistry}"),
  })
  .passthrough();

const file = z
  .object({
    type: z.literal(registrationType),
    name: text,
    description: z.string(),
    image: z.string(),
    services: z.array(service),
    x402Support: z.boolean().optional(),
    active: z.boolean().optional(),
    registrations: z.array(registration).optional(),
    supportedTrust: z.array(z.string()).optional(),
  })
  .passthrough();

/** One way to reach an agent; fields that the text does not name are kept. */
export type AgentService = z.infer<typeof service>;
/** An agent in a registry: `agentRegistry` is `eip155:{chainId}:{identityRegistry}`. */
export type AgentRegistration = z.infer<typeof registration>;
/** ERC-8004, "Agent Registration File"; fields that the text does not name are kept. */
export type RegistrationFile = z.infer<typeof file>;

/** An A2A service: its endpoint is the agent card. */
export interface A2aService {
  readonly name: "A2A";
  readonly endpoint: `https://${string}`;
  readonly version?: string;
}

/** An MCP service: its endpoint is the server. */
export interface McpService {
  readonly name: "MCP";
  readonly endpoint: `https://${string}`;
  readonly version?: string;
}

/**
 * Checks that a value is a registration file. Throws `RegistrationError` naming the first field that is wrong.
 * @example
 * ```ts
 * const { name, services } = parseRegistrationFile(JSON.parse(text));
 * ```
 */
export function parseRegistrationFile(value: unknown): RegistrationFile {
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") || "(the file)";
  throw new RegistrationError(
    "REGISTRATION_INVALID",
    `The registration file's ${field} is wrong: ${issue?.message}. Correct it after ERC-8004.`,
    { facts: { field } },
  );
}

/**
 * Makes a registration file of what an agent says about itself, and checks it.
 * @example
 * ```ts
 * const file = buildRegistrationFile({
 *   name: "translator",
 *   description: "German to English",
 *   image: "https://agent.example/image.png",
 *   services: [{ name: "A2A", endpoint: "https://agent.example/.well-known/agent-card.json", version: "0.3.0" }],
 * });
 * ```
 */
export function buildRegistrationFile(
  content: Omit<Partial<RegistrationFile>, "type"> & Pick<RegistrationFile, "name" | "description" | "image">,
): RegistrationFile {
  return parseRegistrationFile({ services: [], x402Support: false, active: true, ...content, type: registrationType });
}

/**
 * A registration file as a `data:` URI of base64 JSON, to be held on chain as a whole.
 * @example
 * ```ts
 * await registerAgent(client, { uri: registrationUriOf(file) });
 * ```
 */
export function registrationUriOf(content: RegistrationFile): string {
  const json = JSON.stringify(parseRegistrationFile(content));
  return `data:application/json;base64,${Buffer.from(json, "utf8").toString("base64")}`;
}
