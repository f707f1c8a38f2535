// How the tracker's scripts are put together of their built pieces, and what each of them is called. Reads and writes nothing.
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { wordsLacking } from "./src/words.ts";

/** What `t.js` has beside the core, in this order: `elements` is what others stand on. */
export const BASIS = ["navigation", "hints", "elements", "clicks"] as const;

/** What a script may have beside: its name lists them in this order, `t.scroll.widgets.js`. */
export const EXTRAS = ["actions", "errors", "rules", "scroll", "vitals", "widgets"] as const;

/** A script of nothing but pages, events and engaged time. */
export const CORE = "core";

export type Extra = (typeof EXTRAS)[number];
export type PartName = (typeof BASIS)[number] | Extra;

/**
 * One program, cut: a script is `head`, its parts with commas between, and `tail`. A part uses nothing but the kit it is given and what
 * the core has anyway, so that there are as many scripts as there are choices, from one build, and all speak of the same by the same
 * letters, which is what makes them small once they are compressed.
 */
export interface ScriptPieces {
  readonly head: string;
  readonly parts: Readonly<Record<PartName, string>>;
  /** The part that says what a script lacks, with {@link LACKING} in the place of those words. */
  readonly lacking: string;
  readonly tail: string;
}

/** Stands for words in the part `lacking`. */
export const LACKING = "MILLRACE_LACKING";

export interface Pieces {
  readonly script: ScriptPieces;
  /** Everything, saying what it does. */
  readonly debug: string;
  /** For a widget's own page in a frame of another origin. */
  readonly frame: string;
  /** For bundlers and `<script type="module">`. */
  readonly module: string;
}

/** What a browser downloads, bytes. */
export interface Sizes {
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

/**
 * The script of that name: `t.js`, `t.core.js`, `t.scroll.widgets.js` (extras in the order of {@link EXTRAS}), `t.debug.js`, `t.frame.js`,
 * `t.mjs`, each also with the first eight digits of its own SHA-256 before the ending, for pages that pin it.
 * @returns undefined for any other name
 */
export function scriptNamed(pieces: Pieces, file: string): string | undefined {
  const [, middle = "", ending = ""] = /^t((?:\.\w+)*?)\.(m?js)$/.exec(file) ?? [];
  const words = middle.split(".").slice(1);
  const digits = words.findIndex((word) => /^[0-9a-f]{8}$/.test(word));
  if (digits === -1) return ending === "" ? undefined : made(pieces, words, ending);
  const script = made(pieces, words.slice(0, -1), ending);
  return digits === words.length - 1 && script !== undefined && digitsOf(script) === words[digits] ? script : undefined;
}

function made(pieces: Pieces, words: readonly string[], ending: string): string | undefined {
  const [first] = words;
  if (ending === "mjs") return words.length === 0 ? pieces.module : undefined;
  if (words.length === 1 && (first === "debug" || first === "frame")) return pieces[first];
  if (words.length === 1 && first === CORE) return put(pieces.script, []);
  const extras = EXTRAS.filter((extra) => words.includes(extra));
  return extras.join() === words.join() ? put(pieces.script, [...BASIS, ...extras]) : undefined;
}

/**
 * A script of these parts.
 * @param words what it says it lacks; the smallest says nothing, it is for those who count bytes
 */
export function put(
  { head, parts, lacking, tail }: ScriptPieces,
  names: readonly PartName[],
  words = names.length === 0 ? [] : wordsLacking(names),
): string {
  const chosen = names.map((name) => parts[name]);
  // A function: in a text "$" would be more than itself.
  if (words.length > 0) chosen.push(lacking.replace(`"${LACKING}"`, () => words.map((word) => `"${word}"`).join()));
  return `${head}${chosen.join()}${tail}\n`;
}

/** Every name that {@link scriptNamed} knows, without those that pin a version. */
export function scriptNames(): string[] {
  const choices = EXTRAS.reduce<string[]>((names, extra) => names.flatMap((name) => [name, `${name}.${extra}`]), [""]);
  return [...choices.map((choice) => `t${choice}.js`), `t.${CORE}.js`, "t.debug.js", "t.frame.js", "t.mjs"];
}

/** The name that pins this very script: `t.scroll.js` → `t.scroll.1a2b3c4d.js`. */
export function pinned(file: string, script: string): string {
  return file.replace(/(\.m?js)$/, `.${digitsOf(script)}$1`);
}

/** Whether a name pins a version: what it names never changes. */
export function isPinned(file: string): boolean {
  return /\.[0-9a-f]{8}\.m?js$/.test(file);
}

/** The `integrity` attribute of this script. */
export function integrity(script: string): string {
  return `sha384-${createHash("sha384").update(script).digest("base64")}`;
}

export function sizes(script: string): Sizes {
  const content = Buffer.from(script);
  return {
    raw: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }).length,
  };
}

/** What each part adds to the script it belongs to, bytes of brotli. */
export function partSizes({ script }: Pieces): Record<PartName, number> {
  const bytes = (names: readonly PartName[]) => sizes(put(script, names, [])).brotli;
  const entries = [...BASIS, ...EXTRAS].map((name) => {
    const without = EXTRAS.some((extra) => extra === name)
      ? [...BASIS]
      : BASIS.slice(
          0,
          BASIS.findIndex((part) => part === name),
        );
    return [name, bytes([...without, name]) - bytes(without)];
  });
  return Object.fromEntries(entries) as Record<PartName, number>;
}

function digitsOf(script: string): string {
  return createHash("sha256").update(script).digest("hex").slice(0, 8);
}
