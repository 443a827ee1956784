// Prices of Cancun by their names in the yellow paper (appendix G) and in the EIPs given.
export const keccakWordGas = 6;
export const copyWordGas = 3;
export const exponentByteGas = 50;
export const logTopicGas = 375;
export const logByteGas = 8;
export const initCodeWordGas = 2; // EIP-3860
export const creationGas = 32_000;
export const codeByteGas = 200;
export const callValueGas = 9_000;
export const callStipend = 2_300;
export const newAccountGas = 25_000;
export const warmAccessGas = 100; // EIP-2929
export const coldAccountGas = 2_600;
export const coldSlotGas = 2_100;
export const storeSetGas = 20_000; // EIP-2200
export const storeResetGas = 2_900; // EIP-2929: 5,000 without the cold access
export const storeSentryGas = 2_300;
export const clearRefund = 4_800; // EIP-3529

export const stackItemsMax = 1_024;
export const callDepthMax = 1_024;
/** EIP-170. */
export const codeBytesMax = 24_576;
/** EIP-3860. */
export const initCodeBytesMax = 49_152;

/** Gas for a memory of so many words. */
export const memoryGas = (words: number): number => 3 * words + Math.floor((words * words) / 512);
