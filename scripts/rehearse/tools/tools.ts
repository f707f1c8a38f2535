import { dirname } from "node:path";
import { moto } from "./moto.ts";
import { pulumi } from "./pulumi.ts";
import { requirements } from "./requirements.ts";

/** What a rehearsal works with, on this machine. */
export interface Tools {
  /** Pulumi's command. */
  readonly pulumi: string;
  /** A Python with the emulator in it. */
  readonly python: string;
  /** Starts a command in a mount namespace of its own. */
  readonly unshare: readonly string[];
  /** The Node of Lambda's release that runs this, and its folder. */
  readonly node: string;
  readonly nodeFolder: string;
}

/**
 * Finds what the machine must have, and installs the rest into the cache.
 * @param runs the zips of a deploy are run too
 * @throws Error that names what is missing, or what failed
 */
export async function tools(
  root: string,
  runs: boolean,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<Tools> {
  const { python, unshare } = await requirements(runs);
  return {
    pulumi: await pulumi(root, say, signal),
    python: await moto(python, say, signal),
    unshare,
    node: process.execPath,
    nodeFolder: dirname(process.execPath),
  };
}
