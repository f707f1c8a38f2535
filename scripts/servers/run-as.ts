import { execFileSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Ids to hand to `spawn`; libuv drops supplementary groups with them. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user for a server that refuses root: undefined for an ordinary user (who simply starts it), `nobody` for root.
 * @throws when root has no user `nobody` to fall back to.
 */
export function unprivilegedUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch (cause) {
    throw new Error('This server refuses to run as root, and there is no user "nobody" to run it as.', { cause });
  }
}

/** Gives a folder and all it holds to `user`. */
export function giveFolder(folder: string, user: RunAs): void {
  chownSync(folder, user.uid, user.gid);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const entry = lstatSync(path);
    if (entry.isDirectory()) giveFolder(path, user);
    else if (entry.isFile()) chownSync(path, user.uid, user.gid);
  }
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}
