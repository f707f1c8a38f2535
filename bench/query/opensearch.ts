import type { Row } from "./row.ts";
import type { Call } from "../collector/server.ts";
import { DAY, DAYS, PROJECT } from "./events.ts";
import { numbersAsked } from "./opensearch-numbers.ts";
import { RANGE, STEPS, WINDOW_MS } from "./questions/actors.ts";
import type { Asker, Kind } from "./questions/index.ts";

const PAGE = 65_000;

/** Each question as somebody who knows the index would ask it: composite pages, and the rest in the client. */
export function bareAsker(call: Call, index: string): Asker {
  const rows = async (sources: object[], filter: object[] = [], aggs?: object, size = PAGE): Promise<Row[]> => {
    const all: Row[] = [];
    for (let after: unknown; ;) {
      const composite = { size, sources, ...(after !== undefined && { after }) };
      const answer = await call<{ aggregations: { c: { buckets: Row[]; after_key?: unknown } } }>(
        "POST",
        `/${index}/_search`,
        {
          size: 0,
          track_total_hits: false,
          query: { bool: { filter: [...WHERE, ...filter] } },
          aggs: { c: { composite, ...(aggs && { aggs }) } },
        },
      );
      const { buckets, after_key } = answer.aggregations.c;
      for (const row of buckets) all.push(row);
      if (buckets.length < size) return all;
      after = after_key;
    }
  };
  const page = (path: string) => [{ term: { page_path: path } }];
  const visitor = { v: { terms: { field: "visitor" } } };
  const time = { t: { terms: { field: "timestamp" } } };

  const asked: Record<Kind, () => Promise<string>> = {
    funnel: async () => {
      const sets = await Promise.all(
        STEPS.map(async (path) => new Set((await rows([visitor], page(path))).map(({ key }) => key["v"]))),
      );
      let left: ReadonlySet<unknown> = sets[0] ?? new Set();
      return sets
        .map((set) => {
          left = new Set([...left].filter((who) => set.has(who as string)));
          return left.size;
        })
        .join(" ");
    },
    "funnel in order": async () => {
      const steps = await Promise.all(
        STEPS.map(async (path) => Map.groupBy(await rows([visitor, time], page(path)), ({ key }) => key["v"])),
      );
      const [first = new Map<string, Row[]>(), ...later] = steps;
      const counts = STEPS.map(() => 0);
      for (const [who, starts] of first) {
        let best = 0;
        for (const start of starts) {
          const begun = Number(start.key["t"]);
          let [depth, now] = [1, begun];
          for (const step of later) {
            const next = step.get(who)?.find(({ key }) => Number(key["t"]) > now);
            if (!next || Number(next.key["t"]) - begun > WINDOW_MS) break;
            now = Number(next.key["t"]);
            depth++;
          }
          best = Math.max(best, depth);
        }
        for (let i = 0; i < best; i++) counts[i] = (counts[i] ?? 0) + 1;
      }
      return counts.join(" ");
    },
    retention: async () => {
      const day = { d: { date_histogram: { field: "timestamp", fixed_interval: "1d" } } };
      const [firsts, days] = await Promise.all([
        rows([visitor], [], { at: { min: { field: "timestamp" } } }, PAGE / 2),
        rows([visitor, day], [], { at: { max: { field: "timestamp" } } }, PAGE / 2),
      ]);
      const begun = new Map(firsts.map(({ key, at }) => [key["v"], at?.value ?? 0]));
      const sums = Array.from({ length: DAYS }, () => 0);
      const add = (start: number) => {
        const cohort = Math.floor((start - RANGE.start) / DAY);
        sums[cohort] = (sums[cohort] ?? 0) + 1;
      };
      for (const start of begun.values()) add(start);
      for (const { key, at } of days) {
        const start = begun.get(key["v"]) ?? 0;
        if ((at?.value ?? 0) > start) add(start);
      }
      return sums.join(" ");
    },
    paths: async () => {
      const all = await rows([{ s: { terms: { field: "visit_id" } } }, time, { p: { terms: { field: "page_path" } } }]);
      let sum = 0;
      for (const steps of Map.groupBy(all, ({ key }) => key["s"]).values()) {
        const pages = steps.map(({ key }) => key["p"]).filter((each, i, list) => each !== list[i - 1]);
        for (let step = 1; step <= Math.min(3, pages.length); step++) sum += step;
      }
      return String(sum);
    },
    ...numbersAsked((body) => call("POST", `/${index}/_search`, body), rows, WHERE),
  };
  return (kind) => asked[kind]();
}

const WHERE = [
  { term: { project: PROJECT } },
  { term: { collection: "pageviews" } },
  { range: { timestamp: { gte: RANGE.start, lt: RANGE.end } } },
];
