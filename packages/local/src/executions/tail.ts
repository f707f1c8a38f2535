import type { Forward, LogLine } from "@millrace/ops";
import { open, readFile, rename, writeFile, type FileHandle } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

export interface TailOptions {
  /** The log; what it was before its last rotation is `FILE.1`. */
  readonly file: string;
  /** Where it is noted how far the log has been forwarded. */
  readonly cursor: string;
  readonly forward: Forward;
  readonly clock: { now(): number };
  /** Told of every failure; it is tried again by itself. */
  readonly onError: (error: unknown) => void;
}

export interface Tail {
  /** Forwards what is in the log by now, and stops. */
  stop(): Promise<void>;
}

const PAUSE_MS = 500;
const AFTER_FAILURE_MS = 5_000;
const PIECE_BYTES = 4 * 1024 * 1024;
const LINE_BREAK = 0x0a;

interface Cursor {
  readonly inode: number;
  readonly offset: number;
}

/**
 * Forwards the lines of a log as they are written, behind it: whoever writes never waits. What could not be forwarded is read again,
 * after a failure and after a restart, over one rotation of the log; lines forwarded twice are the same executions.
 */
export function tailLog(options: TailOptions): Tail {
  const { file, cursor, forward, clock, onError } = options;
  const stopping = new AbortController();
  let handle: FileHandle | undefined;
  let at: Cursor = { inode: 0, offset: 0 };
  /** A rotation was seen; what is left then is read once more. */
  let wasRotated = false;

  const begin = async (path: string): Promise<void> => {
    await handle?.close();
    handle = await open(path, "r");
    at = { inode: (await handle.stat()).ino, offset: 0 };
    wasRotated = false;
  };

  /** Goes on where it was left; what was rotated away meanwhile comes first. */
  const resume = async (): Promise<void> => {
    const left = await readCursor(cursor);
    for (const path of [`${file}.1`, file]) {
      await begin(path).catch(ignoreMissing);
      if (handle && at.inode === left?.inode) at = left;
      if (handle && (path === file || at.inode === left?.inode)) return;
    }
  };

  /** False: there was nothing to forward. */
  const step = async (): Promise<boolean> => {
    if (!handle) await resume();
    if (!handle) return false;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at.offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(LINE_BREAK) + 1;
    // A line longer than a piece is none of ours.
    const done = end > 0 ? end : bytesRead === PIECE_BYTES ? bytesRead : 0;
    if (done === 0) return followRotation();
    const now = clock.now();
    const texts = buffer.toString("utf8", 0, end).split("\n").slice(0, -1);
    await forward(texts.map((text): LogLine => ({ text, at: now, function: "local" })));
    at = { ...at, offset: at.offset + done };
    await writeCursor(cursor, at);
    return true;
  };

  const followRotation = async (): Promise<boolean> => {
    const current = await open(file, "r").catch(ignoreMissing);
    const inode = current && (await current.stat()).ino;
    await current?.close();
    if (inode === undefined || inode === at.inode) return false;
    // What was written between the last read and the rotation is still to come.
    if (handle && (await handle.stat()).size > at.offset && !wasRotated) wasRotated = true;
    else await begin(file);
    return true;
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const isLast = stopping.signal.aborted;
      try {
        while (await step());
        if (isLast) break;
        await pause(PAUSE_MS);
      } catch (error) {
        onError(error);
        if (isLast) break;
        await pause(AFTER_FAILURE_MS);
      }
    }
    await handle?.close();
  };
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function readCursor(path: string): Promise<Cursor | undefined> {
  try {
    const { inode, offset } = JSON.parse(await readFile(path, "utf8")) as Partial<Cursor>;
    return Number.isSafeInteger(inode) && Number.isSafeInteger(offset) ? ({ inode, offset } as Cursor) : undefined;
  } catch {
    // Without a note of it everything that is left of the log is forwarded again.
    return undefined;
  }
}

async function writeCursor(path: string, at: Cursor): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(at));
  await rename(`${path}.new`, path);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
