import { readFile } from "node:fs/promises";

/** The unit of /proc: USER_HZ, 100 on every Linux that Node runs on. */
const TICK_US = 10_000;

/** User and system time of a process and of its main thread, in microseconds (Linux). */
export async function cpuTime(pid: number): Promise<{ readonly all: number; readonly main: number }> {
  return { all: await ticks(`/proc/${pid}/stat`), main: await ticks(`/proc/${pid}/task/${pid}/stat`) };
}

async function ticks(file: string): Promise<number> {
  // The second field is the name, which may hold spaces.
  const fields = (await readFile(file, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
