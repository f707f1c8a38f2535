import { readFileSync } from "node:fs";

/** Ticks of Linux's `/proc`, a second: the same on all of its platforms. */
const TICKS = 100;

/** Processor time that a process has used, user and system, in seconds; undefined when it is gone, or the system does not say (only Linux does). */
export function processorSeconds(pid: number | undefined): number | undefined {
  try {
    // The name of the program, in brackets, may hold blanks: fields are counted from behind it (utime is the 14th of all).
    const fields =
      readFileSync(`/proc/${pid ?? 0}/stat`, "utf8")
        .split(") ")
        .at(-1)
        ?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}
