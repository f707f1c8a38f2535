import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { totalmem } from "node:os";

/** A way to leave no room on the disk of the data folder. */
export interface Disk {
  /** How, for the report. */
  readonly how: string;
  fill(pid: number | undefined): void;
  free(pid: number | undefined): void;
  close(): void;
}

/** Of the machine's memory: room that nothing of a campaign uses up but the fault. What is not written takes none of it. */
const ROOM_SHARE = 0.6;
const MOST_ATTEMPTS = 100;

/**
 * As root on Linux the data folder becomes a file system of its own (tmpfs), which is made as small as what it holds; as anybody else
 * on Linux the files of the process may not grow (prlimit), which it sees as a write that fails. Elsewhere: not at all, said so.
 * @param folder exists and is empty
 */
export function openDisk(folder: string): Disk {
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
  const room = Math.round(totalmem() * ROOM_SHARE);
  const resize = (bytes: number) =>
    execFileSync("mount", ["-o", `remount,size=${bytes}`, folder], { stdio: ["ignore", "ignore", "pipe"] });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${room},mode=700`, "tmpfs", folder]);
  return {
    how: "a tmpfs that is made as small as what it holds",
    fill() {
      // What is written meanwhile makes the size too small, which the system refuses.
      let refusal: unknown;
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          resize((blocks - bfree) * bsize);
          if (statfsSync(folder).bavail === 0) return;
        } catch (refused) {
          refusal = refused;
        }
      }
      throw new Error("The disk of the data folder could not be filled.", { cause: refusal });
    },
    free: () => void resize(room),
    close: () => execFileSync("umount", ["-l", folder]),
  };
}
