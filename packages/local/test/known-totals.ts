import { ask } from "./harness.ts";
import type { Demo } from "../src/demo.ts";

/** One number (or list) that is known from elsewhere, and the question that must give it. */
export interface KnownTotal {
  readonly name: string;
  readonly expected: unknown;
  readonly ask: (demo: Demo) => Promise<unknown>;
}

type Group = { result: number } & Record<string, unknown>;

const LOG = { event_collection: ["pageviews", "requests"] };

/** Counts by a group_by property, as an object; only the groups in `keep`, when given. */
function counts(base: Record<string, unknown>, property: string, keep?: readonly string[]) {
  return async (demo: Demo) => {
    const rows = (await ask(demo, "count", { ...base, group_by: property })) as Group[];
    const entries = rows.map((row) => [String(row[property]), row.result] as const);
    return Object.fromEntries(keep ? entries.filter(([name]) => keep.includes(name)) : entries);
  };
}

function byInterval(base: Record<string, unknown>, interval: string, timeframe: unknown, keyLength: number) {
  return async (demo: Demo) => {
    const rows = (await ask(demo, "count", { ...base, interval, timeframe })) as {
      value: number;
      timeframe: { start: string };
    }[];
    return Object.fromEntries(
      rows.filter((row) => row.value > 0).map((row) => [row.timeframe.start.slice(0, keyLength), row.value]),
    );
  };
}

const number = (analysis: string, parameters: Record<string, unknown>) => (demo: Demo) =>
  ask(demo, analysis, parameters);

export interface AccessTotals {
  good: number;
  bytes: number;
  status: Record<string, number>;
  method: Record<string, number>;
  /** By calendar day, `yyyy-mm-dd`. */
  days: Record<string, number>;
  topTarget: [string, number];
  targets: number;
}

export function accessTotals(known: AccessTotals): KnownTotal[] {
  const month = { start: "2015-05-01T00:00:00.000Z", end: "2015-06-01T00:00:00.000Z" };
  return [
    { name: "lines", expected: known.good, ask: number("count", LOG) },
    { name: "bytes", expected: known.bytes, ask: number("sum", { ...LOG, target_property: "response.bytes" }) },
    { name: "status codes", expected: known.status, ask: counts(LOG, "response.status") },
    { name: "methods", expected: known.method, ask: counts(LOG, "request.method") },
    { name: "days", expected: known.days, ask: byInterval(LOG, "daily", month, 10) },
    {
      name: "distinct targets",
      expected: known.targets,
      ask: number("count_unique", { ...LOG, target_property: "request.target" }),
    },
    {
      name: "top target",
      expected: { [known.topTarget[0]]: known.topTarget[1] },
      ask: async (demo) => {
        const order = { property_name: "result", direction: "DESC" };
        const rows = (await ask(demo, "count", {
          ...LOG,
          group_by: "request.target",
          order_by: order,
          limit: 1,
        })) as Group[];
        return Object.fromEntries(rows.map((row) => [row["request.target"], row.result]));
      },
    },
  ];
}

export interface EditTotals {
  rows: number;
  added: number;
  deleted: number;
  delta: number;
  robots: number;
  users: number;
  pages: number;
  countries: number;
  countryNull: number;
  medianAdded: number;
  first: string;
  last: string;
  channels: Record<string, number>;
  /** By hour, `yyyy-mm-ddThh`. */
  hours: Record<string, number>;
  funnels: EditFunnels;
}

/** Users with an edit that is new, then minor, then unpatrolled; with the second step inverted (two steps); with it optional. */
export interface EditFunnels {
  plain: number[];
  inverted: number[];
  optional: number[];
}

/** Of edits in a collection. */
export function funnelTotals(event_collection: string, known: EditFunnels): KnownTotal[] {
  const step = (property_name: string, more: object = {}) => ({
    event_collection,
    actor_property: "user",
    timeframe: DAY,
    filters: [{ property_name, operator: "eq", property_value: true }],
    ...more,
  });
  const funnel = (...steps: object[]) => number("funnel", { steps });
  return [
    {
      name: `funnel of ${event_collection}`,
      expected: known.plain,
      ask: funnel(step("isNew"), step("isMinor"), step("isUnpatrolled")),
    },
    {
      name: `funnel of ${event_collection}, second step inverted`,
      expected: known.inverted,
      ask: funnel(step("isNew"), step("isMinor", { inverted: true })),
    },
    {
      name: `funnel of ${event_collection}, second step optional`,
      expected: known.optional,
      ask: funnel(step("isNew"), step("isMinor", { optional: true }), step("isUnpatrolled")),
    },
  ];
}

const DAY = { start: "2015-09-12T00:00:00.000Z", end: "2015-09-13T00:00:00.000Z" };

export function editTotals(known: EditTotals): KnownTotal[] {
  const edits = { event_collection: "edits" };
  const extreme = (latest: boolean) => async (demo: Demo) => {
    // An extraction is ordered by time: `latest` gives the newest; the oldest is the start of the day's first minute with edits.
    const timeframe = latest ? DAY : { start: known.first, end: new Date(Date.parse(known.first) + 1).toISOString() };
    const names = { property_names: ["keen.timestamp"], ...(latest && { latest: 1 }) };
    const rows = (await ask(demo, "extraction", { ...edits, timeframe, ...names })) as {
      keen: { timestamp: string };
    }[];
    return rows[0]?.keen.timestamp;
  };
  return [
    ...funnelTotals("edits", known.funnels),
    { name: "rows", expected: known.rows, ask: number("count", edits) },
    { name: "rows of the day", expected: known.rows, ask: number("count", { ...edits, timeframe: DAY }) },
    { name: "added", expected: known.added, ask: number("sum", { ...edits, target_property: "added" }) },
    { name: "deleted", expected: known.deleted, ask: number("sum", { ...edits, target_property: "deleted" }) },
    { name: "delta", expected: known.delta, ask: number("sum", { ...edits, target_property: "delta" }) },
    {
      name: "robots",
      expected: known.robots,
      ask: number("count", { ...edits, filters: [{ property_name: "isRobot", operator: "eq", property_value: true }] }),
    },
    { name: "users", expected: known.users, ask: number("count_unique", { ...edits, target_property: "user" }) },
    { name: "pages", expected: known.pages, ask: number("count_unique", { ...edits, target_property: "page" }) },
    {
      name: "countries",
      expected: known.countries,
      ask: number("count_unique", { ...edits, target_property: "countryIsoCode" }),
    },
    {
      name: "no country",
      expected: known.countryNull,
      ask: number("count", {
        ...edits,
        filters: [{ property_name: "countryIsoCode", operator: "eq", property_value: null }],
      }),
    },
    {
      name: "median added",
      expected: known.medianAdded,
      ask: number("median", { ...edits, target_property: "added" }),
    },
    { name: "first", expected: known.first, ask: extreme(false) },
    {
      name: "before the first",
      expected: 0,
      ask: number("count", { ...edits, timeframe: { start: "2000-01-01T00:00:00.000Z", end: known.first } }),
    },
    { name: "last", expected: known.last, ask: extreme(true) },
    { name: "channels", expected: known.channels, ask: counts(edits, "channel", Object.keys(known.channels)) },
    {
      name: "hours",
      expected: known.hours,
      ask: async (demo) => {
        const all = await byInterval(edits, "hourly", DAY, 13)(demo);
        return Object.fromEntries(Object.entries(all).filter(([hour]) => hour in known.hours));
      },
    },
  ];
}
