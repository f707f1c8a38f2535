import { glob, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { sideBySide } from "@millrace/core";

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Puts a compressed copy beside each text of a folder, so that none is made while somebody waits for a page. */
export async function precompress(folder: string): Promise<void> {
  const files = await Array.fromAsync(glob("**/*.{js,css,svg}", { cwd: folder }));
  await sideBySide(files, availableParallelism(), async (file) => {
    const path = join(folder, file);
    const content = await readFile(path);
    const smallest = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    await writeFile(`${path}.br`, await brotli(content, smallest));
    await writeFile(`${path}.gz`, await gzipped(content, { level: constants.Z_BEST_COMPRESSION }));
  });
}
