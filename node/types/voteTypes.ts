/** The EIP-712 types of what validators sign, as `hashTypedData` of viem and ethers want them. */
export const voteTypes = {
  Notarize: [
    { name: "epoch", type: "uint64" },
    { name: "view", type: "uint64" },
    { name: "digest", type: "bytes32" },
  ],
  Nullify: [
    { name: "epoch", type: "uint64" },
    { name: "view", type: "uint64" },
  ],
  Finalize: [
    { name: "epoch", type: "uint64" },
    { name: "view", type: "uint64" },
    { name: "digest", type: "bytes32" },
  ],
} as const;
