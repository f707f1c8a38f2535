import {
  compareStrings,
  type CatalogueView,
  type DeletedProperties,
  type PropertyKind,
  type QuotaView,
  type TimeRange,
} from "@millrace/core";
import { spanName, spanRange, type Span } from "./months.ts";
import type { Names } from "./names.ts";

/** What all buckets of a project say together. @param buckets oldest first */
export function viewOf(
  buckets: readonly Names[],
  deleted: DeletedProperties,
  quota: Omit<QuotaView, "refusedIn">,
): CatalogueView {
  const refusing = buckets.filter((names) => names.refused().length > 0);
  return {
    admits: (path) => buckets.some((names) => names.hasPath(path)),
    untyped: (path) => joined(refusing.flatMap((names) => names.untyped(path))),
    collections: collectionsOf(buckets, deleted),
    quota: { ...quota, refusedIn: [...new Set(refusing.flatMap((names) => names.refused()).map(spanName))].sort() },
  };
}

function collectionsOf(buckets: readonly Names[], deleted: DeletedProperties): CatalogueView["collections"] {
  const merged = new Map<string, Map<string, Set<PropertyKind>>>();
  for (const [name, properties] of buckets.flatMap((names) => [...names.collections(deleted)])) {
    const into = merged.get(name) ?? new Map<string, Set<PropertyKind>>();
    merged.set(name, into);
    for (const [path, kinds] of properties) into.set(path, new Set([...(into.get(path) ?? []), ...kinds]));
  }
  return [...merged]
    .map(([name, properties]) => ({
      name,
      properties: Object.fromEntries([...properties].map(([path, kinds]) => [path, [...kinds]])),
    }))
    .sort((a, b) => compareStrings(a.name, b.name));
}

/** The spans as times, in order, those that touch made one. */
function joined(spans: readonly Span[]): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const range of spans.map(spanRange).sort((a, b) => a.start - b.start)) {
    const before = ranges.at(-1);
    if (before && range.start <= before.end) {
      ranges[ranges.length - 1] = { start: before.start, end: Math.max(before.end, range.end) };
    } else ranges.push(range);
  }
  return ranges;
}
