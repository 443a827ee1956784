import { Counter, Gauge, type Registry } from "prom-client";

/** What the network counts. */
export interface NetworkMetrics {
  frame(direction: "in" | "out" | "dropped", bytes: number): void;
  gossip(direction: "in" | "out", bytes: number): void;
  fault(code: string): void;
  refused(): void;
  /** What is spoken with a peer; undefined while it is not connected. */
  version(peer: string, version: number | undefined): void;
}

export function networkMetrics(registry: Registry): NetworkMetrics {
  const registers = [registry];
  const labelNames = ["channel", "direction"] as const;
  const messages = new Counter({
    name: "allot_p2p_messages_total",
    help: "Messages between validators; dropped: not sent because the peer is away or reads too slowly",
    labelNames,
    registers,
  });
  const bytes = new Counter({
    name: "allot_p2p_message_bytes_total",
    help: "Bytes of those messages, before encryption",
    labelNames,
    registers,
  });
  const faults = new Counter({
    name: "allot_p2p_peer_faults_total",
    help: "What peers did that no correct peer does",
    labelNames: ["code"],
    registers,
  });
  const refused = new Counter({
    name: "allot_p2p_refused_connections_total",
    help: "Connections refused because their key is no validator's or is shut out",
    registers,
  });
  const versions = new Gauge({
    name: "allot_p2p_wire_version",
    help: "Version of the wire spoken with each validator, 0 while it is not connected",
    labelNames: ["peer"],
    registers,
  });
  const series = (channel: string, direction: string) => {
    const labels = { channel, direction };
    const [counted, summed] = [messages.labels(labels), bytes.labels(labels)];
    return (size: number) => {
      counted.inc();
      summed.inc(size);
    };
  };
  const consensus = {
    in: series("consensus", "in"),
    out: series("consensus", "out"),
    dropped: series("consensus", "dropped"),
  };
  const gossip = { in: series("gossip", "in"), out: series("gossip", "out") };
  return {
    frame: (direction, size) => consensus[direction](size),
    gossip: (direction, size) => gossip[direction](size),
    fault: (code) => faults.inc({ code }),
    refused: () => refused.inc(),
    version: (peer, version) => versions.set({ peer }, version ?? 0),
  };
}
