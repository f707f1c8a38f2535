import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
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
 * @throws when `folder` or one above it is closed to others, which the server itself would report far less clearly.
 */
export function requireReachable(folder: string): void {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const closed = (statSync(path).mode & 0o001) === 0;
    if (closed) {
      throw new Error(
        `${folder} cannot be used by a server that does not run as root: ${path} is closed to other users.`,
      );
    }
  }
}

/**
 * Makes sub-folders for a server and gives them, with all they hold, to `user` when there is one. Nothing else in `folder` changes
 * its owner: it may be a folder of somebody's.
 * @throws when one of them is there and is no folder (a link would give away what it points to)
 */
export function ownFolders(folder: string, names: readonly string[], user: RunAs | undefined): void {
  for (const name of names) {
    const path = join(folder, name);
    if (!lstatSync(path, { throwIfNoEntry: false })) mkdirSync(path, { mode: 0o700 });
    if (!lstatSync(path).isDirectory()) throw new Error(`${path} is not a folder.`);
    if (user) giveFolder(path, user);
  }
}

/** Lets others pass through a folder (not list it), so that a server of another user reaches its own part of it. */
export function letOthersThrough(folder: string): void {
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o001);
}

/** Gives a folder and all it holds to `user`. */
function giveFolder(folder: string, user: RunAs): void {
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
