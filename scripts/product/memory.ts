import { readdirSync, readFileSync } from "node:fs";

/** Resident size of a process, MiB; undefined when it is gone, or the system does not say (only Linux does). */
export function residentMiB(pid: number | undefined): number | undefined {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, "utf8"))?.[1];
    return kib === undefined ? undefined : Number(kib) / 1_024;
  } catch {
    return undefined;
  }
}

/** Open files, sockets and pipes of a process; undefined as above. */
export function openHandles(pid: number | undefined): number | undefined {
  try {
    return readdirSync(`/proc/${pid ?? 0}/fd`).length;
  } catch {
    return undefined;
  }
}
