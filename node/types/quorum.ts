/** Votes that make a certificate: ⌊2n/3⌋ + 1. Not 2f + 1, which is unsafe for every n ≠ 3f + 1. */
export const quorumOf = (validators: number): number => Math.floor((2 * validators) / 3) + 1;

/** Validators that may be Byzantine: f = ⌊(n − 1)/3⌋. */
export const faultyMax = (validators: number): number => Math.floor((validators - 1) / 3);
