import {
  identityTime,
  isEventId,
  isObject,
  isStandardRoot,
  LIMITS,
  readIso,
  timePrefix,
  type Json,
  type JsonObject,
} from "@millrace/core";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { admissibleNames } from "../json/names.ts";
import { encodingOf, openContent } from "../read/content.ts";
import { parseKeepingDigits, remarkOnTexts } from "../read/exact.ts";
import { importId, Occurrences } from "../read/ids.ts";
import type { ImportSource, Item, SourceFile } from "../read/source.ts";
import { csvRows } from "./csv.ts";
import { rowsOf } from "./rows.ts";

/** What an answer's id adds to: 8 to 116 of these (core's isEventId). */
const KEEN_ID = /^[A-Za-z0-9._-]{8,116}$/;
const PROGRESS_EVERY = 1_000;

/**
 * Extractions of Keen's, as JSON or CSV. Rows do not say which collection they are of.
 *
 * An event is the one that Keen had: `keen.id` begins with its time here, and what follows is Keen's id, so that an event is stored
 * once however often, and from whichever file, it is imported. `keen.created_at`, when Keen received it, becomes the property
 * `keen_created_at`; ours is when it was imported. Integers that no double holds, which Keen kept, become texts.
 */
export function keenSource(files: readonly SourceFile[], collection: string): ImportSource {
  const renamed = new Set<string>();
  const asText = new Set<string>();
  return {
    async *items(onProgress) {
      const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
      const total = sizes.reduce((sum, size) => sum + size, 0) || 1;
      const occurrences = new Occurrences();
      let before = 0;
      let index = 0;
      for (const [number, file] of files.entries()) {
        const { raw, bytes } = await openContent(file.path);
        for await (const { line, value, text, bad } of readRows(bytes, (name) => asText.add(name))) {
          if (++index % PROGRESS_EVERY === 0) onProgress((before + raw.bytesRead) / total);
          const place = { file: file.path, line, index };
          yield isObject(value) && bad === undefined
            ? madeOf(value, text, place, occurrences)
            : { ...place, text, bad: bad ?? "not a JSON object" };
        }
        before += sizes[number] ?? 0;
      }
      onProgress(1);
    },
    notes: () => [],
    remarks: () => [
      ...(renamed.size > 0 ? [`names with "." or "$" were changed: ${shown(renamed)}`] : []),
      ...remarkOnTexts(asText),
    ],
  };

  function madeOf(
    row: JsonObject,
    text: string,
    place: { readonly file: string; readonly line: number; readonly index: number },
    occurrences: Occurrences,
  ): Item {
    const { keen, ...own } = admissibleNames(withoutGivenOut(row), (name) => {
      if (!name.startsWith("keen.")) renamed.add(name);
    });
    const said = isObject(keen) ? keen : {};
    const time = typeof said["timestamp"] === "string" ? readIso(said["timestamp"])?.ms : undefined;
    if (time === undefined) return { ...place, text, bad: "keen.timestamp is missing, or no time" };
    const { id, created_at: createdAt, location, uniqueness_token: token } = said;
    return {
      ...place,
      collection,
      event: {
        ...own,
        ...(createdAt !== undefined && { keen_created_at: createdAt }),
        keen: {
          id: idOf(id, time) ?? importId(time, text, "keen", occurrences.next(text, place.file)),
          timestamp: new Date(time).toISOString(),
          ...(isObject(location) && { location }),
          ...(token !== undefined && { uniqueness_token: token }),
        },
      },
    };
  }
}

interface ReadRow {
  readonly line: number;
  readonly value: unknown;
  readonly text: string;
  readonly bad?: string;
}

/** CSV begins with the name of a column, JSON with a bracket. */
async function* readRows(bytes: Readable, becameText: (name: string) => void): AsyncGenerator<ReadRow> {
  const chunks = decoded(bytes)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  if (/^\s*[[{]/.test(first.value)) {
    for await (const { line, text } of rowsOf(all)) yield { line, text, value: parsed(text, becameText) };
    return;
  }
  for await (const row of csvRows(Readable.from(all))) yield { ...row, text: JSON.stringify(row.value) };
}

async function* decoded(bytes: Readable): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
}

function parsed(text: string, becameText: (name: string) => void): unknown {
  try {
    return parseKeepingDigits(text, becameText);
  } catch {
    return undefined;
  }
}

/**
 * An id of ours is the same event here; one of Keen's gets the time in front, by which its month is found. It looks like one of ours,
 * but of a time that is some thousand years ahead.
 */
function idOf(id: Json | undefined, time: number): string | undefined {
  if (typeof id !== "string") return undefined;
  if (isEventId(id) && identityTime(id) <= Date.now() + LIMITS.futureMs) return id;
  return KEEN_ID.test(id) ? timePrefix(time) + id : undefined;
}

/** What another Millrace wrote into its rows is found anew. */
function withoutGivenOut(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !isStandardRoot(name.split(".", 1)[0] ?? name)));
}

function shown(names: ReadonlySet<string>): string {
  const [first, more] = [[...names].slice(0, 5), names.size - 5];
  return first.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
