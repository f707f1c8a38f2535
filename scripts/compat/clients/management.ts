import { deepStrictEqual as same, ok } from "node:assert";
import type { Case } from "../case.ts";
import { COLLECTION, PURCHASES, TIMEFRAME } from "../events.ts";

/** A client's ways to ask for saved queries. */
export interface SavedQueries {
  readonly put: (name: string, body: object) => Promise<unknown>;
  readonly list: () => Promise<unknown>;
  readonly get: (name: string) => Promise<unknown>;
  readonly result: (name: string) => Promise<unknown>;
  readonly remove: (name: string) => Promise<unknown>;
}

const COUNT = { analysis_type: "count", event_collection: COLLECTION, timeframe: TIMEFRAME };

/** A saved query from its making to its end. */
export function savedQueryCases({ put, list, get, result, remove }: SavedQueries, name: string): Case[] {
  return [
    {
      method: "saved queries",
      async run() {
        await put(name, { refresh_rate: 0, query: COUNT, metadata: { display_name: "Purchases" } });
        const all = (await list()) as { query_name: string }[];
        ok(all.some(({ query_name }) => query_name === name));
        same(((await get(name)) as { query: object }).query && true, true);
        same(((await result(name)) as { result: unknown }).result, PURCHASES.length);
        await remove(name);
        const left = (await list()) as { query_name: string }[];
        ok(!left.some(({ query_name }) => query_name === name));
      },
    },
  ];
}

export interface Datasets {
  readonly put: (name: string, body: { query: object; index_by: string; display_name: string }) => Promise<unknown>;
  readonly list: () => Promise<unknown>;
  readonly results: (name: string, indexBy: string, timeframe: object) => Promise<unknown>;
  readonly remove: (name: string) => Promise<unknown>;
}

/** A cached dataset from its making to its end. */
export function datasetCases({ put, list, results, remove }: Datasets, name: string): Case[] {
  return [
    {
      method: "cached datasets",
      async run() {
        const query = { ...COUNT, timeframe: "this_500_days", interval: "daily", timezone: "UTC" };
        await put(name, { query, index_by: "country", display_name: "Purchases by country" });
        const { datasets } = (await list()) as { datasets: { dataset_name: string }[] };
        ok(datasets.some(({ dataset_name }) => dataset_name === name));
        const { result } = (await results(name, "PL", TIMEFRAME)) as { result: { value: number }[] };
        const poland = PURCHASES.filter(({ country }) => country === "PL").length;
        same(
          result.reduce((total, { value }) => total + value, 0),
          poland,
        );
        await remove(name);
      },
    },
  ];
}

export interface AccessKeys {
  readonly create: (body: object) => Promise<unknown>;
  readonly list: () => Promise<unknown>;
  readonly get: (key: string) => Promise<unknown>;
  readonly revoke: (key: string) => Promise<unknown>;
  readonly remove: (key: string) => Promise<unknown>;
  /** Counts the purchases with that key. */
  readonly count: (key: string) => Promise<unknown>;
}

export function accessKeyCases({ create, list, get, revoke, remove, count }: AccessKeys): Case[] {
  return [
    {
      method: "access keys",
      async run() {
        const filter = { property_name: "country", operator: "eq", property_value: "PL" };
        const body = {
          name: "Poland",
          is_active: true,
          permitted: ["queries"],
          options: { queries: { filters: [filter] } },
        };
        const { key } = (await create(body)) as { key: string };
        ok(((await list()) as { key: string }[]).some((each) => each.key === key));
        same(((await get(key)) as { name: string }).name, "Poland");
        same(await count(key), PURCHASES.filter(({ country }) => country === "PL").length);
        await revoke(key);
        same(((await get(key)) as { is_active: boolean }).is_active, false);
        await remove(key);
      },
    },
  ];
}
