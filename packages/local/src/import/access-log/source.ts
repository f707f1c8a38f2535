import { allLines, type PlacedLine } from "../read/all-lines.ts";
import { hash52, importId, Occurrences } from "../read/ids.ts";
import type { ImportSource, Item, SourceFile } from "../read/source.ts";
import { isPageView, refusalOf, toEvent, urlOf } from "./event.ts";
import { HostGuess } from "./host.ts";
import { isBad, NOT_A_REQUEST, type AccessRecord, type BadLine, type LineReader, type LogFormat } from "./record.ts";
import { VisitIndex } from "./visits.ts";
import { unwrap } from "./wrapping.ts";

/** A file and what it is written in: rotated logs may have changed their format on the way. */
export interface LogFile extends SourceFile {
  readonly format: LogFormat;
}

/**
 * Access logs of one site: page requests become `pageviews`, everything else `requests`. Reads the files twice: their lines are in
 * no strict order, and a visit can only be known once all of them were seen, those of the next file included.
 * @param host the site's host name, for lines that name none; guessed from the referrers when absent
 */
export function accessLogSource(files: readonly LogFile[], host: string | undefined): ImportSource {
  const visits = new VisitIndex();
  let ownHost = host;
  let pageViews = 0;
  let named = 0;

  return {
    async prepare(onProgress) {
      const guess = new HostGuess();
      for await (const { index, result } of records(files, onProgress)) {
        if (result === NOT_A_REQUEST || isBad(result)) continue;
        guess.add(result.target, result.referrer);
        if (result.host !== undefined) named++;
        if (!isPageView(result) || refusalOf(result, host) !== undefined) continue;
        pageViews++;
        const visitor = hash52(`${result.address ?? ""} ${result.userAgent ?? ""}`);
        const entry = { url: urlOf(result, undefined), referrer: result.referrer };
        visits.add(index, result.time, visitor, hash52(contentOf(result)), entry);
      }
      visits.finish();
      ownHost ??= guess.best();
    },

    async *items(onProgress) {
      const occurrences = new Occurrences();
      for await (const { index, file, line, text, result } of records(files, onProgress)) {
        if (result === NOT_A_REQUEST) continue;
        const place = { file: file.path, line, index };
        const bad = isBad(result) ? result.reason : refusalOf(result, host);
        if (isBad(result) || bad !== undefined) yield { ...place, bad: bad ?? "", text };
        else yield { ...place, ...toGood(result, index, file, occurrences) };
      }
    },

    notes: () => [
      `${pageViews.toLocaleString("en")} page requests`,
      ...(named > 0 ? [`${named.toLocaleString("en")} lines name their host`] : []),
      ownHost === undefined
        ? "the site's own host is unknown: every referrer counts as one from outside (--host NAME)"
        : `site ${ownHost}${host === undefined ? " (guessed from referrers; --host NAME to set it)" : ""}`,
    ],
  };

  function toGood(
    record: AccessRecord,
    index: number,
    file: LogFile,
    occurrences: Occurrences,
  ): Pick<Extract<Item, { event: unknown }>, "collection" | "event"> {
    const content = contentOf(record);
    const event = toEvent(record, ownHost, visits.of(index));
    event["keen"] = {
      id: importId(record.time, content, file.stream, occurrences.next(content, file.path)),
      timestamp: new Date(record.time).toISOString(),
    };
    return { collection: isPageView(record) ? "pageviews" : "requests", event };
  }
}

interface ReadLine extends PlacedLine<LogFile> {
  readonly result: AccessRecord | BadLine | typeof NOT_A_REQUEST;
}

async function* records(files: readonly LogFile[], onProgress: (fraction: number) => void): AsyncGenerator<ReadLine> {
  // One reader a file: a header says what the columns of its own file are.
  const readers = new Map<LogFile, LineReader>();
  for await (const placed of allLines(files, onProgress)) {
    const reader = readers.get(placed.file) ?? placed.file.format.open();
    readers.set(placed.file, reader);
    yield { ...placed, result: reader(unwrap(placed.text), placed.unended) };
  }
}

/** Everything of the line but the address: an id made of it must not give the address away. */
function contentOf(record: AccessRecord): string {
  return JSON.stringify([
    record.time,
    record.method ?? null,
    record.target,
    record.protocol ?? null,
    record.status ?? null,
    record.bytes ?? null,
    record.referrer ?? null,
    record.userAgent ?? null,
    record.host ?? null,
  ]);
}
