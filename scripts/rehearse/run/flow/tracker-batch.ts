import { randomBytes } from "node:crypto";

/** A batch as the browser's tracker sends it, of a document that was loaded just now. */
export function trackerBatch(writeKey: string, events: readonly object[]): object {
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  return {
    v: 1,
    k: writeKey,
    i: `${time.slice(0, 8)}-${time.slice(8)}-7abc-8def-${randomBytes(6).toString("hex")}`,
    s: now,
    a: 0,
    c: { l: "de-DE", z: "Europe/Berlin", w: [1920, 1080, 1200, 800], r: "https://search.example/" },
    e: events,
  };
}
