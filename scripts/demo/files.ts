import { dirname, resolve } from "node:path";

/** Folder that the tasks' files are named relative to. */
export const dirnameOf = (marketFile: string): string => dirname(resolve(marketFile));
