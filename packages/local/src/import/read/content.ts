import { createReadStream, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { ImportError } from "./error.ts";
import { alongFrames } from "./zstd-frames.ts";

/** What a file holds, unpacked. */
export interface Content {
  /** The file as it lies on the disk: how much of it was read is the progress. */
  readonly raw: ReadStream;
  readonly bytes: Readable;
  readonly packed: boolean;
}

/** Errors are told where the bytes are read; nobody else needs to hear of them. */
const UNHEARD = () => {};

const UNPACK = [
  { magic: [0x1f, 0x8b], unpacked: (raw: ReadStream) => pipeline(raw, createGunzip(), UNHEARD) },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    unpacked: (raw: ReadStream) => pipeline(raw, alongFrames, createZstdDecompress(), UNHEARD),
  },
] as const;

/** Packed files that are not unpacked here, by their first bytes, and how to. */
const OTHERS = [
  { magic: [0x42, 0x5a, 0x68], name: "bzip2", command: "bzcat" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: "xz", command: "xzcat" },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: "a zip file", command: "unzip -p" },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], name: "7-Zip", command: "7z x -so" },
] as const;
const LONGEST_MAGIC = 8;

/**
 * Opens a file; gzip and Zstandard are known by their first bytes, whatever it is called, and unpacked on the way.
 * @throws ImportError when it cannot be opened, or is packed in a way that is not read here, with the command that helps
 */
export async function openContent(file: string): Promise<Content> {
  const head = await firstBytes(file);
  const other = OTHERS.find(({ magic }) => startsWith(head, magic));
  if (other) throw new ImportError(`${file} is packed (${other.name}). Pipe it in: ${other.command} ${file} | … -`);
  const raw = createReadStream(file);
  const unpack = UNPACK.find(({ magic }) => startsWith(head, magic));
  if (!unpack) return { raw, bytes: raw, packed: false };
  return { raw, bytes: unpack.unpacked(raw), packed: true };
}

/**
 * The encoding that a text's first bytes name, or show: what is read here begins with two letters of ASCII. Else UTF-8. Windows writes
 * UTF-16 where output is redirected.
 */
export function encodingOf(first: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if (startsWith(first, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(first, [0xfe, 0xff])) return "utf-16be";
  const [a, b, c, d] = first;
  if (a && b === 0 && c && d === 0) return "utf-16le";
  return a === 0 && b && c === 0 && d ? "utf-16be" : "utf-8";
}

/** True for the error of a packed file that breaks off or is damaged. */
export function isBroken(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^Z(?:STD)?_/.test(String(error.code));
}

/** True for the first block of a tar archive. */
export function isTar(text: string): boolean {
  return text.slice(257, 262) === "ustar";
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file).catch(unreadable(file));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_MAGIC), 0, LONGEST_MAGIC, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export function unreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new ImportError(`${file} cannot be read: ${reason}.`, { cause: error });
  };
}
