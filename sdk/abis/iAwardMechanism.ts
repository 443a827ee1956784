// Generated from IAwardMechanism by scripts/codegen.ts.
export const iAwardMechanismAbi = [
  {"inputs":[{"components":[{"name":"bidder","type":"address"},{"name":"amount","type":"uint256"}],"name":"bids","type":"tuple[]"},{"name":"reserve","type":"uint256"},{"name":"units","type":"uint256"}],"name":"award","outputs":[{"components":[{"name":"winner","type":"address"},{"name":"price","type":"uint256"}],"name":"","type":"tuple[]"}],"stateMutability":"pure","type":"function"},
  {"inputs":[],"name":"mechanismId","outputs":[{"name":"","type":"bytes4"}],"stateMutability":"pure","type":"function"},
] as const;
