import { buffer } from "node:stream/consumers";
import { constants, createGzip } from "node:zlib";

/**
 * Packs parts of one text so that none is shortened by what stands in another: the length says nothing of whether they have words in
 * common. Still one body that every client of gzip unpacks.
 */
export async function gzipApart(parts: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const gzip = createGzip();
  const packed = buffer(gzip);
  for (const part of parts) {
    gzip.write(part);
    await new Promise<void>((resolve) => gzip.flush(constants.Z_FULL_FLUSH, resolve));
  }
  gzip.end();
  return new Uint8Array(await packed);
}
