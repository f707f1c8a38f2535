import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build, type Plugin, type Rolldown } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import { buildAssets } from "../../packages/local/src/assets.ts";

/** Bytes of script, brotli, before the first numbers where they come with the page. The promise is 70,000; what is saved is not there to be spent unseen. */
const FIRST_SCRIPT = 20_000;
/** The same where they must be asked for. */
const ASKING_SCRIPT = 60_000;
/** Bytes of all that the overview can load, with its chart, dialogs, styles and fonts. */
const OVERVIEW = 250_000;

const WEB = fileURLToPath(new URL("..", import.meta.url));
/** What the overview asks for that is not of it: other pages, and the catalogues of other languages, which only their readers load. */
const NOT_OF_IT = /\/src\/(pages\/|language\/\w+\.json$)/;

type Chunk = Rolldown.OutputChunk;
type Asset = Rolldown.OutputAsset;

test("the first numbers wait for little script, and the whole overview is not much more", async () => {
  // Vitest's own is none that is shipped.
  vi.stubEnv("NODE_ENV", "production");
  onTestFinished(() => void vi.unstubAllEnvs());
  const reached = new Set<string>();
  const { output } = (await build({
    root: WEB,
    logLevel: "error",
    build: { write: false },
    plugins: [follow(reached)],
  })) as Rolldown.RolldownOutput;
  const chunks = output.filter((file) => file.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  if (!entry) throw new Error("Nothing was built.");

  // Names tell contents: what is weighed here is what is shipped.
  const { web } = await buildAssets(() => {});
  expect(await readFile(join(web, "index.html"), "utf8")).toContain(entry.fileName);

  // The first script waits for the language, and imports the others.
  const holding = (module: string): Chunk => {
    const found = chunks.find(({ moduleIds }) => moduleIds.includes(WEB + module));
    if (!found) throw new Error(`${module} is in no chunk.`);
    return found;
  };
  const first = withImports(holding("src/opening/first.tsx"), chunks, withImports(entry, chunks));
  const asking = withImports(holding("src/app.tsx"), chunks, new Set(first));
  const overview = new Set(
    chunks
      .filter(({ moduleIds }) => moduleIds.some((id) => reached.has(id)))
      .flatMap((chunk) => [...withImports(chunk, chunks)]),
  );
  const beside = output.filter((file) => file.type === "asset").filter((file) => belongsTo(file, overview));
  const script = sum([...overview].map(({ code }) => packed(code)));
  const others = sum(beside.map(({ fileName, source }) => (isPacked(fileName) ? source.length : packed(source))));

  expect(overview.size).toBeGreaterThan(asking.size);
  expect(asking.size).toBeGreaterThan(first.size);
  // Three weights of one family: were they not among what was counted, the sum would be of something else.
  expect(beside.filter(({ fileName }) => isPacked(fileName))).toHaveLength(3);
  expect(sum([...first].map(({ code }) => packed(code)))).toBeLessThan(FIRST_SCRIPT);
  expect(sum([...asking].map(({ code }) => packed(code)))).toBeLessThan(ASKING_SCRIPT);
  expect(script + others).toBeLessThan(OVERVIEW);
});

/** Finds the modules that the overview can come to, by import or on demand, without leaving for another page. */
function follow(reached: Set<string>): Plugin {
  return {
    name: "follow-the-overview",
    generateBundle() {
      const visit = (id: string): void => {
        if (reached.has(id)) return;
        reached.add(id);
        const info = this.getModuleInfo(id);
        const later = (info?.dynamicallyImportedIds ?? []).filter((next) => !NOT_OF_IT.test(next));
        for (const next of [...(info?.importedIds ?? []), ...later]) visit(next);
      };
      visit(`${WEB}src/main.ts`);
    },
  };
}

/** A chunk and what has to be there before it can run. */
function withImports(chunk: Chunk, all: readonly Chunk[], found = new Set<Chunk>()): Set<Chunk> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const name of chunk.imports) {
    const imported = all.find(({ fileName }) => fileName === name);
    if (imported) withImports(imported, all, found);
  }
  return found;
}

/** Styles of these chunks, and the fonts, which are everybody's. Browsers of today take woff2. */
function belongsTo({ fileName }: Asset, chunks: ReadonlySet<Chunk>): boolean {
  if (isPacked(fileName)) return true;
  return [...chunks].some((chunk) => chunk.viteMetadata?.importedCss.has(fileName));
}

function isPacked(fileName: string): boolean {
  return fileName.endsWith(".woff2");
}

function packed(text: string | Uint8Array): number {
  return brotliCompressSync(text).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
