import { formatUnits } from "viem";
import { creditDecimals } from "./marketFile.ts";

/** An amount in millionths, as people write it. */
export const inCredits = (amount: bigint): string => formatUnits(amount, creditDecimals);
