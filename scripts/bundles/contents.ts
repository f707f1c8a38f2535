import type { Metafile } from "esbuild";

/** A package, npm's or ours, and how much of the bundle it is. */
interface Part {
  readonly name: string;
  readonly bytes: number;
}

/** What is in a bundle, and what it expects from outside. */
export interface Contents {
  /** The largest first. */
  readonly parts: readonly Part[];
  /** Paths of all source files in it. */
  readonly files: readonly string[];
  /** What is imported and not in it. */
  readonly outside: readonly string[];
}

/** Reads esbuild's account of a bundle of one file. */
export function contentsOf({ outputs }: Pick<Metafile, "outputs">): Contents {
  const bytes = new Map<string, number>();
  const files: string[] = [];
  const outside = new Set<string>();
  for (const { inputs, imports } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(file);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
      // esbuild also lists files of which nothing was kept.
      if (bytesInOutput > 0) files.push(file);
    }
    for (const { path, external } of imports) if (external === true) outside.add(path);
  }
  const parts = [...bytes].map(([name, size]) => ({ name, bytes: size })).sort((a, b) => b.bytes - a.bytes);
  return { parts, files, outside: [...outside].sort() };
}

/** `zod` of `node_modules/zod/v4/core.js` (the innermost), `packages/core` of `packages/core/src/index.ts`. */
function packageOf(file: string): string {
  const inside = file.split("node_modules/").at(-1) ?? file;
  if (inside === file) return file.split("/").slice(0, 2).join("/");
  return inside
    .split("/")
    .slice(0, inside.startsWith("@") ? 2 : 1)
    .join("/");
}
