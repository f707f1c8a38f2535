import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing, one after the other: Node's recursive mkdir never returns where a parent
 * exists but takes no folders (/proc), and its error names neither the file in the way nor the parent that is closed.
 * @param mode of the folders it makes; default: what the process gives to folders
 * @throws Error in one line for the person who named the folder
 */
export function makeFolder(name: string, mode?: number): void {
  const path = resolve(name);
  const found = orSay(`${path} cannot be reached`, () => statSync(path, { throwIfNoEntry: false }));
  if (found?.isDirectory()) return;
  if (found) throw new Error(`${path} is a file, not a folder.`);
  makeFolder(dirname(path), mode);
  orSay(`${path} cannot be made`, () => mkdirSync(path, { mode }));
}

/** Does something to a folder. @throws Error with `problem` and the system's reason in one line */
export function orSay<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const reason = code === "EACCES" || code === "EPERM" ? `no permission (${code})` : code;
    throw new Error(`${problem}: ${reason}.`, { cause });
  }
}
