import { execFileSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

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

/**
 * For a server that runs as another user.
 * @throws when a folder above `folder` is closed to others, which the server itself would report far less clearly.
 */
export function requireReachable(folder: string): void {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const closed = path !== folder && (statSync(path).mode & 0o001) === 0;
    if (closed) {
      throw new Error(
        `${folder} cannot be used by a server that does not run as root: ${path} is closed to other users.`,
      );
    }
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
