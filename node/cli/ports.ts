import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { AllotError } from "../types/errors.ts";

/** Listens on the port for a moment; 0 finds a free one. Resolves to the port, or to undefined when it is in use. */
function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(taken));
    });
  });
}

/**
 * Refuses a port that something listens on already.
 * @param purpose completes "port 8545 is in use: cannot serve ..."
 * @param flag with which another port can be chosen
 * @throws AllotError PORT_IN_USE
 */
export async function requireFreePort(host: string, port: number, purpose: string, flag: string): Promise<void> {
  if ((await tryPort(host, port)) !== undefined) return;
  throw new AllotError(
    "PORT_IN_USE",
    { host, port, purpose },
    `port ${port} on ${host} is in use, it was meant for ${purpose}: stop what uses it, or choose another with ${flag}`,
  );
}

/** Where free ports are looked for: below those that the kernel gives to outgoing connections, any of which could take
 * one between this look and its use. */
const freePortMin = 15_000;
const freePortMax = 32_000;

/** Distinct ports that are free now. */
export async function freePorts(host: string, count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(freePortMin, freePortMax);
    if (!found.has(port) && (await tryPort(host, port)) !== undefined) found.add(port);
  }
  return [...found];
}
