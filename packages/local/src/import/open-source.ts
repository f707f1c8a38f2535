import { MillraceError, parseZone } from "@millrace/core";
import { detectFormat, formatNamed } from "./access-log/detect.ts";
import { accessLogSource } from "./access-log/source.ts";
import { unwrap } from "./access-log/wrapping.ts";
import { parseMap, type Mapping } from "./json/mapping.ts";
import { isPreset, PRESETS } from "./json/presets.ts";
import { jsonSource } from "./json/source.ts";
import { keenSource } from "./keen/source.ts";
import { ImportError } from "./read/error.ts";
import { firstLines } from "./read/lines.ts";
import type { ImportSource, SourceFile } from "./read/source.ts";
import { UsageError } from "./usage.ts";

/** So many first lines decide about the format of a file. */
const SAMPLE_LINES = 50;

export interface SourceOptions {
  readonly format?: string | undefined;
  readonly host?: string | undefined;
  readonly collection?: string | undefined;
  readonly "collection-from"?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly preset?: string | undefined;
  readonly map?: string | undefined;
  readonly timezone?: string | undefined;
}

/** Kinds of file, by the first word of the command. `apache` and `nginx` are what people call a log. */
const KINDS = { log: "log", apache: "log", nginx: "log", ndjson: "ndjson", json: "ndjson", keen: "keen" } as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS];

const BELONGS_TO: Readonly<Record<keyof SourceOptions, readonly Kind[]>> = {
  format: ["log"],
  host: ["log"],
  collection: ["ndjson", "keen"],
  "collection-from": ["ndjson"],
  timestamp: ["ndjson"],
  preset: ["ndjson"],
  map: ["ndjson"],
  timezone: ["ndjson"],
};

/** @throws UsageError for a kind that does not exist and for options that do not go with it */
export function kindOf(word: string, options: SourceOptions): Kind {
  const kind = Object.entries(KINDS).find(([name]) => name === word)?.[1];
  if (kind === undefined) throw new UsageError(`"${word}" is not a kind of file; there are log, ndjson and keen.`);
  for (const [name, belongsTo] of Object.entries(BELONGS_TO))
    if (options[name as keyof SourceOptions] !== undefined && !belongsTo.includes(kind))
      throw new UsageError(`--${name} is for ${belongsTo.join(" and ")}, not for ${word}.`);
  return kind;
}

/**
 * @param onNote told what was found out about the files
 * @throws UsageError, ImportError when a file is in no format that is known
 */
export async function openSource(
  kind: Kind,
  files: readonly SourceFile[],
  options: SourceOptions,
  onNote: (note: string) => void,
): Promise<ImportSource> {
  if (kind === "ndjson") return jsonSource(files, mappingOf(options));
  if (kind === "keen") {
    if (options.collection === undefined)
      throw new UsageError("keen needs --collection NAME: its rows do not say theirs.");
    return keenSource(files, options.collection);
  }
  const given = options.format === undefined ? undefined : usage(() => formatNamed(options.format ?? ""));
  const logFiles = await Promise.all(
    files.map(async (file) => ({ ...file, format: given ?? (await detected(file.path)) })),
  );
  for (const { path, format } of logFiles) onNote(`${path}: ${format.title}`);
  return accessLogSource(logFiles, options.host);
}

async function detected(path: string) {
  const sample = await firstLines(path, SAMPLE_LINES);
  const found = detectFormat(sample.map(unwrap));
  if (found) return found.format;
  // An empty file has no lines to be wrong about: rotation leaves such.
  if (sample.length === 0) return formatNamed("combined");
  throw new ImportError(
    `${path} is in no format that is known here. It begins with\n  ${(sample[0] ?? "").slice(0, 160)}\n` +
      `Say it with --format (a name, or the format string of the server's configuration); --help lists them. ` +
      `For JSON that is no access log there is "ndjson".`,
  );
}

function mappingOf(options: SourceOptions): Mapping {
  if (options.preset !== undefined && !isPreset(options.preset))
    throw new UsageError(`There is no preset "${options.preset}"; there are ${Object.keys(PRESETS).join(", ")}.`);
  const preset: Partial<Mapping> = options.preset === undefined ? {} : PRESETS[options.preset];
  const map = options.map === undefined ? {} : usage(() => parseMap(options.map ?? ""));
  const time = options.timestamp ?? map.time;
  const from = options["collection-from"] ?? map.collection;
  const collection =
    options.collection !== undefined
      ? { name: options.collection }
      : from === undefined
        ? preset.collection
        : { from: [from] };
  const times = time === undefined ? preset.time : [time];
  if (collection === undefined || times === undefined)
    throw new UsageError(
      "ndjson needs --collection NAME (or --collection-from PROPERTY) and --timestamp PROPERTY, or --preset, or --map.",
    );
  const { id, user, ip, user_agent: userAgent, url, referrer, title, properties } = map;
  const paths = { id, user, address: ip, userAgent, url, referrer, title };
  return {
    ...preset,
    ...Object.fromEntries(
      Object.entries(paths).flatMap(([name, path]) => (path === undefined ? [] : [[name, [path]]])),
    ),
    ...(properties !== undefined && { properties }),
    ...(options.timezone !== undefined && { zone: usage(() => parseZone(options.timezone)) }),
    time: times,
    collection,
  };
}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError || error instanceof MillraceError
      ? new UsageError(error.message, { cause: error })
      : error;
  }
}
