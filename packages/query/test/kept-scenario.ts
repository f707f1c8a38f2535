import { expect, test } from "vitest";
import { NOW, type TestApp } from "./setup.ts";

const HOUR = 3_600_000;
const RATE = 14_400;
const DAILY = { event_collection: "purchases", timeframe: "this_4_days", interval: "daily" } as const;

/**
 * Kept answers beside fresh ones, on any pair of stores: however events come, go and change, a kept answer is what a question would have
 * been answered at the time that it names, and never older than promised.
 */
export function describeKeptAnswers(app: () => TestApp): void {
  let count = 0;
  /** A project of its own, so that no test sees another's events. */
  const newShop = async (timezone?: string) => {
    const t = app();
    t.clock.set(NOW);
    const shop = await t.createProject(`Kept ${++count}`, timezone);
    const at = (day: number, hour = 10) => `2021-03-${String(day).padStart(2, "0")}T${hour}:00:00Z`;
    const { url, masterKey, readKey } = shop;
    const send = async <Body = Record<string, unknown>>(
      method: string,
      path: string,
      body?: object,
      key = masterKey,
    ) => {
      const answer = await t.send<Body & { message?: string }>(method, path, { key, url, ...(body && { body }) });
      expect(answer.status, answer.body?.message).toBeLessThan(300);
      return answer.body;
    };
    const fresh = async (question: object, key = readKey) =>
      (await send<{ result: unknown }>("POST", "/queries/count", question, key)).result;
    const kept = (path: string, key = readKey) =>
      send<{ result: unknown; meta?: { age: number }; run_information?: object }>("GET", path, undefined, key);
    const refresh = () => t.refreshAnswers([shop.id]);
    return { t, shop, at, refresh, send, fresh, kept, record: t.recordIn.bind(undefined, shop) };
  };
  const save = (query: object) => ({ refresh_rate: RATE, query: { analysis_type: "count", ...query } });

  test("a cached query is answered before it is asked for, and is as old as it says", async () => {
    const { t, refresh, send, kept, fresh, record, at } = await newShop();
    await record({ at: at(8) });
    await send("PUT", "/queries/saved/daily", save(DAILY));
    expect(await send("GET", "/queries/saved/daily")).toMatchObject({ run_information: null });
    expect(await refresh()).toMatchObject({ failed: 0 });
    const before = await fresh(DAILY);
    const run_information = { last_run_date: "2021-03-10T12:00:00.000Z", last_run_status: 200, last_run_message: "" };
    await record({ at: at(8) });
    t.clock.advance(HOUR);
    expect(await kept("/queries/saved/daily/result")).toMatchObject({
      result: before,
      meta: { age: 3_600 },
      run_information,
    });
    expect(await fresh(DAILY)).not.toEqual(before);
    // A caller may want a newer one; then it is kept for all.
    const newer = await kept("/queries/saved/daily/result?max_age=60");
    expect(newer).toMatchObject({ result: await fresh(DAILY) });
    expect(await kept("/queries/saved/daily/result")).toMatchObject({ result: newer.result });
  });

  test("late events in an old bucket are in the next refresh, and no answer is older than its rate", async () => {
    const { t, refresh, send, kept, fresh, record, at } = await newShop();
    await record({ at: at(7) }, { at: at(10) });
    await send("PUT", "/queries/saved/daily", save(DAILY));
    await kept("/queries/saved/daily/result");
    for (let round = 0; round < 3; round++) {
      await record({ at: at(7, 11 + round) });
      t.clock.advance(RATE * 1_000 - 20 * 60_000);
      await refresh();
      expect((await kept("/queries/saved/daily/result")).result).toEqual(await fresh(DAILY));
    }
    await record({ at: at(8) });
    // Nobody refreshes: one that is too old is computed when it is asked for.
    t.clock.advance(RATE * 1_000 + 1);
    const late = await kept("/queries/saved/daily/result");
    expect(late.result).toEqual(await fresh(DAILY));
    expect(late.meta).toBeUndefined();
  });

  test("what was deleted is in no answer from then on", async () => {
    const { t, send, kept, fresh, record, at } = await newShop();
    await record({ at: at(8), properties: { customer: "ada" } }, { at: at(8), properties: { customer: "bob" } });
    await send("PUT", "/queries/saved/daily", save(DAILY));
    await send("PUT", "/datasets/customers", { query: { analysis_type: "count", ...DAILY }, index_by: "customer" });
    const ofAda = { ...DAILY, filters: [{ property_name: "customer", operator: "eq", property_value: "ada" }] };
    const values = async () => [
      (await kept("/queries/saved/daily/result")).result,
      (await kept("/datasets/customers/results?index_by=ada")).result,
    ];
    const before = await values();
    expect(before).toEqual([await fresh(DAILY), await fresh(ofAda)]);
    t.clock.advance(60_000);
    const filters = encodeURIComponent(JSON.stringify(ofAda.filters));
    await send("DELETE", `/events/purchases?filters=${filters}`);
    const after = await values();
    expect(after).toEqual([await fresh(DAILY), await fresh(ofAda)]);
    expect(after).not.toEqual(before);
  });

  test("a changed definition, and a changed time zone in it, has answers of its own from the first one on", async () => {
    const { t, refresh, send, kept, fresh, record, at } = await newShop();
    await record({ at: at(8, 23) }, { at: at(9, 23) }, { at: at(9, 23), properties: { paid: true } });
    const paid = { ...DAILY, filters: [{ property_name: "paid", operator: "eq", property_value: true }] };
    for (const question of [
      DAILY,
      paid,
      { ...DAILY, timezone: "Asia/Tokyo" },
      { ...DAILY, timeframe: "this_2_days" },
    ]) {
      await send("PUT", "/queries/saved/changing", save(question));
      const { result } = await kept("/queries/saved/changing/result");
      expect(result).toEqual(await fresh(question));
      await refresh();
      expect(await kept("/queries/saved/changing/result")).toMatchObject({ result });
    }
    await send("DELETE", "/queries/saved/changing");
    t.clock.advance(RATE * 1_000);
    expect(await refresh()).toEqual({ answers: 0, failed: 0, left: 0 });
  });

  test("a key with a forced filter never gets an answer that was kept for another", async () => {
    const { send, kept, fresh, record, at, refresh } = await newShop();
    const of = (customer: string) => ({ at: at(9), properties: { customer } });
    await record(of("ada"), of("bob"), of("bob"));
    await send("PUT", "/queries/saved/all", save(DAILY));
    await send("PUT", "/datasets/all", { query: { analysis_type: "count", ...DAILY }, index_by: "customer" });
    await refresh();
    const keyOf = async (customer: string) => {
      const filters = [{ property_name: "customer", operator: "eq", property_value: customer }];
      const options = { queries: { filters } };
      const permitted = ["queries", "cached_queries", "datasets"];
      return (await send<{ key: string }>("POST", "/keys", { name: customer, permitted, options })).key;
    };
    const keys = [await keyOf("ada"), await keyOf("bob"), undefined];
    // Twice: computed, then kept.
    for (const key of [...keys, ...keys]) {
      for (const path of ["/queries/saved/all/result", "/datasets/all/results?index_by=bob"]) {
        const filters = path.startsWith("/datasets")
          ? [{ property_name: "customer", operator: "eq", property_value: "bob" }]
          : [];
        expect((await kept(path, key)).result, `${path} ${key}`).toEqual(await fresh({ ...DAILY, filters }, key));
      }
    }
  });

  test("a dataset's values are kept for an hour, refreshed while they are wanted, and say how far they are behind", async () => {
    const { t, refresh, send, kept, fresh, record, at } = await newShop();
    const of = (customer: string, day: number) => ({ at: at(day), properties: { customer } });
    await record(of("ada", 8), of("bob", 9));
    await send("PUT", "/datasets/customers", { query: { analysis_type: "count", ...DAILY }, index_by: "customer" });
    const ask = (name: string) => kept(`/datasets/customers/results?index_by=${name}`);
    const freshOf = (name: string) =>
      fresh({ ...DAILY, filters: [{ property_name: "customer", operator: "eq", property_value: name }] });
    const first = await ask("ada");
    await record(of("ada", 8), of("bob", 8));
    t.clock.advance(HOUR / 2);
    expect(await ask("ada")).toMatchObject({ result: first.result, meta: { age: 1_800 } });
    // Nobody asked for it before.
    expect((await ask("bob")).result).toEqual(await freshOf("bob"));
    expect(await send("GET", "/datasets/customers")).toMatchObject({
      milliseconds_behind: HOUR / 2,
      last_scheduled_date: "2021-03-10T12:30:00.000Z",
      latest_subtimeframe_available: "2021-03-10T12:00:00.000Z",
    });
    t.clock.advance(HOUR / 4);
    await refresh();
    expect((await ask("ada")).result).toEqual(await freshOf("ada"));
    // Not wanted for a week: forgotten, and computed when somebody asks.
    t.clock.advance(8 * 24 * HOUR);
    expect(await refresh()).toEqual({ answers: 0, failed: 0, left: 0 });
    expect((await ask("ada")).result).toEqual(await freshOf("ada"));
  });

  test("a project with many due answers does not keep the others waiting", async () => {
    const [hostile, calm] = [await newShop(), await newShop()];
    await Promise.all([hostile, calm].map(({ record, at }) => record({ at: at(8) })));
    for (let i = 0; i < 20; i++) await hostile.send("PUT", `/queries/saved/q${i}`, save(DAILY));
    hostile.t.clock.advance(1);
    await calm.send("PUT", "/queries/saved/only", save(DAILY));
    expect(await calm.t.refreshAnswers([hostile.shop.id, calm.shop.id], 4)).toMatchObject({ answers: 4 });
    expect(await calm.send("GET", "/queries/saved/only")).toMatchObject({
      run_information: { last_run_status: 200 },
    });
  });

  test("what can no longer be answered says so, and is not tried again at once", async () => {
    const { refresh, send } = await newShop();
    await send("PUT", "/queries/saved/nothing", save({ ...DAILY, event_collection: "never" }));
    expect(await refresh()).toMatchObject({ answers: 0, failed: 1 });
    expect(await send("GET", "/queries/saved/nothing")).toMatchObject({
      run_information: { last_run_status: 404, last_run_message: expect.stringContaining("no such event collection") },
    });
    expect(await refresh()).toEqual({ answers: 0, failed: 0, left: 0 });
  });
}
