import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A way to leave no room on the disk of the data folder. */
export interface Disk {
  /** How, for the report. */
  readonly how: string;
  fill(pid: number | undefined): void;
  free(pid: number | undefined): void;
  close(): void;
}

const BLOCK = Buffer.alloc(1 << 20);

/**
 * As root on Linux the data folder becomes a file system of its own (tmpfs) that a second file fills to the last byte; as anybody
 * else on Linux the files of the process may not grow (prlimit), which it sees as a write that fails. Elsewhere: not at all, said so.
 * @param folder exists and is empty
 */
export function openDisk(folder: string, megabytes: number): Disk {
  if (process.platform !== "linux") {
    return {
      how: "not on this system: nothing can be filled without harm to others",
      fill() {},
      free() {},
      close() {},
    };
  }
  if (process.getuid?.() !== 0) {
    const limit = (pid: number | undefined, bytes: string) => {
      if (pid !== undefined) execFileSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
    };
    return {
      how: "prlimit --fsize on the process (a file system of its own needs root)",
      fill: (pid) => limit(pid, "1"),
      free: (pid) => limit(pid, "unlimited"),
      close() {},
    };
  }
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700`, "tmpfs", folder]);
  const ballast = join(folder, "ballast");
  return {
    how: `a tmpfs of ${megabytes} MiB, filled to the last byte`,
    fill() {
      const file = openSync(ballast, "a");
      try {
        // Block by block, then byte by byte of what is left, until the system says that there is no room.
        for (let block = BLOCK; block.length > 0; block = block.subarray(0, block.length >> 1)) {
          try {
            for (;;) writeSync(file, block);
          } catch {}
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    close: () => execFileSync("umount", ["-l", folder]),
  };
}
