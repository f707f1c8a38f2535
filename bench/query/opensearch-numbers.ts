import { DAY, DAYS } from "./events.ts";
import type { Row } from "./row.ts";
import { RANGE } from "./questions/actors.ts";
import {
  BUCKET,
  cellsOf,
  LATEST,
  latestOf,
  type NUMBERS,
  PERCENTILES,
  PLACE,
  RANGES,
  TOP,
} from "./questions/numbers.ts";

type Search = <T>(body: object) => Promise<T>;
type Bucket = { readonly key: string | number; readonly doc_count: number };

const FIELD = "p_n.amount";
const days = Array.from({ length: DAYS }, (_, i) => ({
  key: String(i),
  from: RANGE.start + i * DAY,
  to: RANGE.start + (i + 1) * DAY,
}));

/** The questions about numbers as somebody who knows the index would ask them. */
export function numbersAsked(
  search: Search,
  rows: (sources: object[], filter?: object[]) => Promise<readonly Row[]>,
  where: readonly object[],
): Record<keyof typeof NUMBERS, () => Promise<string>> {
  const buckets = async (agg: object, filter = where): Promise<readonly Bucket[]> => {
    const body = { size: 0, track_total_hits: false, query: { bool: { filter } }, aggs: { b: agg } };
    const answer = await search<{ aggregations: { b: { buckets: Bucket[] } } }>(body);
    return answer.aggregations.b.buckets;
  };
  const numbered = (found: readonly Bucket[], first = 0) =>
    cellsOf(found.filter((each) => each.doc_count > 0).map((each) => [Number(each.key) - first, each.doc_count]));
  const byDay = (filter = where) => buckets({ range: { field: "timestamp", ranges: days } }, filter);

  return {
    "count by buckets": async () => {
      const found = await buckets({ histogram: { field: FIELD, interval: BUCKET, min_doc_count: 1 } });
      return cellsOf(found.map((each) => [Number(each.key) / BUCKET, each.doc_count]));
    },
    "count by ranges": async () =>
      numbered(
        await buckets({ range: { field: FIELD, ranges: RANGES.map((range, i) => ({ key: String(i), ...range })) } }),
      ),
    "count within a distance": async () => {
      const filter = [...where, { script: { script: { lang: "painless", source: NEAR, params: PLACE } } }];
      const body = { size: 0, track_total_hits: true, query: { bool: { filter } } };
      return String((await search<{ hits: { total: { value: number } } }>(body)).hits.total.value);
    },
    "several percentiles": async () => {
      // The exact ones, as ours are: every value with its count, in order.
      const counts = await rows([{ v: { terms: { field: FIELD } } }]);
      const total = counts.reduce((sum, { doc_count: count }) => sum + count, 0);
      const values = PERCENTILES.map((percentile) => {
        let left = Math.ceil((percentile * total) / 100);
        return counts.find(({ doc_count: count }) => (left -= count) <= 0)?.key["v"];
      });
      return JSON.stringify(values);
    },
    "several collections by day": async () =>
      numbered(
        await byDay(where.map((each) => ("term" in each && "collection" in (each.term as object) ? BOTH : each))),
      ),
    "compared by day": async () => {
      const found = await byDay();
      const half = DAYS / 2;
      return `${numbered(found.slice(half), half)}, ${numbered(found.slice(0, half))}`;
    },
    "top with others": async () => {
      const visitor = { v: { terms: { field: "visitor" } } };
      const pairs = await rows([{ g: { terms: { field: "geo_country" } } }, visitor]);
      const counts = [...Map.groupBy(pairs, ({ key }) => key["g"])].map(([g, { length }]) => ({ g, length }));
      const top = counts.toSorted((a, b) => b.length - a.length).slice(0, TOP);
      const others = { bool: { must_not: { terms: { geo_country: top.map(({ g }) => g) } } } };
      return JSON.stringify([...top.map(({ length }) => length), (await rows([visitor], [others])).length]);
    },
    "the latest events": async () => {
      const sort = [{ timestamp: "desc" }, { id: "desc" }];
      const body = { size: LATEST + 1, track_total_hits: false, query: { bool: { filter: where } }, sort };
      type Found = { hits: { hits: { _source: { id: string; properties: object } }[] } };
      const { hits } = (await search<Found>(body)).hits;
      return latestOf(hits.map(({ _source }) => _source));
    },
  };
}

const BOTH = { terms: { collection: ["pageviews", "clicks"] } };
const NEAR = `
String[] p = doc['p_j.place'].value.substring(1).replace(']', '').splitOnToken(',');
double lat = Math.toRadians(Double.parseDouble(p[1]));
double at = Math.toRadians(params.latitude);
double half = Math.pow(Math.sin((lat - at) / 2), 2)
  + Math.cos(at) * Math.cos(lat) * Math.pow(Math.sin(Math.toRadians(Double.parseDouble(p[0]) - params.longitude) / 2), 2);
return 2 * 6371008.8 * Math.asin(Math.sqrt(half)) <= params.metres;`;
