import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Held while a node, or the process that starts one, uses a data folder. */
export interface FolderLock {
  /** From now on it is held by this process: the node that was started. */
  handTo(pid: number): void;
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When that process started, as the system says it: a number that was given to another process since is no holder. */
  readonly started: string;
  readonly url: string;
}

/**
 * Takes a data folder by a file with the holder's process id. It outlives a starter that was killed, so the next start can name
 * the node left behind, before it writes a line into that node's configuration.
 * @throws Error naming the process that holds the folder and how to stop it
 */
export function lockDataFolder(folder: string, url: string): FolderLock {
  const file = join(folder, "opensearch.pid");
  const holder = read(file);
  if (holder && holder.started === startOf(holder.pid)) {
    throw new Error(
      `${folder} is in use by process ${holder.pid}, an OpenSearch node for ${holder.url}. Use that one, or stop it first: kill ${holder.pid}`,
    );
  }
  const write = (pid: number, flag: "w" | "wx") => {
    const started = startOf(pid);
    if (started !== undefined) writeFileSync(file, JSON.stringify({ pid, started, url } satisfies Holder), { flag });
  };
  rmSync(file, { force: true });
  write(process.pid, "wx");
  return { handTo: (pid) => write(pid, "w"), release: () => rmSync(file, { force: true }) };
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    // None, or cut off when the machine went down: no process of then runs now.
    return undefined;
  }
}

/** When a process started, in the words of the system; undefined when there is none, or only its remains. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux")
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything: state, then 18 fields, then the start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
