import { isPageView, toEvent } from "./apache-event.ts";
import { isBad, parseLogLine, type LogLine } from "./apache-line.ts";
import { HostGuess } from "./host.ts";
import { hash52, importId, Occurrences } from "./ids.ts";
import { numberedLines } from "./lines.ts";
import type { ImportSource, Item } from "./source.ts";
import { VisitIndex } from "./visits.ts";

/**
 * An Apache (or nginx) access log in combined format. Page requests become `pageviews`, everything else `requests`. Reads the
 * file twice: lines are in no strict order, and a visit can only be known once all of them were seen.
 * @param host the site's host name; guessed from the referrers when absent
 */
export function apacheSource(file: string, host: string | undefined): ImportSource {
  const visits = new VisitIndex();
  let ownHost = host;
  let pageViews = 0;

  return {
    async prepare(onProgress) {
      const guess = new HostGuess();
      for await (const { line, text } of numberedLines(file, onProgress)) {
        const parsed = parseLogLine(text);
        if (isBad(parsed)) continue;
        guess.add(parsed.target, parsed.referrer);
        if (!isPageView(parsed)) continue;
        pageViews++;
        visits.add(line, parsed.time, hash52(`${parsed.address} ${parsed.userAgent ?? ""}`), hash52(contentOf(parsed)));
      }
      visits.finish();
      ownHost ??= guess.best();
    },

    async *items(onProgress) {
      const occurrences = new Occurrences();
      for await (const { line, text } of numberedLines(file, onProgress)) yield toItem(line, text, occurrences);
    },

    notes: () => [
      `${pageViews.toLocaleString("en")} page requests`,
      ownHost === undefined
        ? "the site's own host is unknown: every referrer counts as one from outside (--host NAME)"
        : `site ${ownHost}${host === undefined ? " (guessed from referrers; --host NAME to set it)" : ""}`,
    ],
  };

  function toItem(line: number, text: string, occurrences: Occurrences): Item {
    const parsed = parseLogLine(text);
    if (isBad(parsed)) return { line, bad: parsed.reason, text };
    const content = contentOf(parsed);
    const event = toEvent(parsed, ownHost, visits.of(line));
    event["keen"] = {
      id: importId(parsed.time, content, occurrences.next(content)),
      timestamp: new Date(parsed.time).toISOString(),
    };
    return { line, collection: isPageView(parsed) ? "pageviews" : "requests", event };
  }
}

/** Everything of the line but the address: an id made of it must not give the address away. */
function contentOf(line: LogLine): string {
  return JSON.stringify([
    line.time,
    line.method,
    line.target,
    line.protocol,
    line.status,
    line.bytes,
    line.referrer,
    line.userAgent,
  ]);
}
