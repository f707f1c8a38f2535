import assert from "node:assert/strict";
import type { Caller } from "./caller.ts";
import type { Step } from "./step.ts";
import { until } from "./until.ts";

/** Hours of the ledger as the API answers them. */
export async function ledger(caller: Caller): Promise<Record<string, number>[]> {
  return ((await caller.read("/ledger")) as { result: Record<string, number>[] }).result;
}

export const sumOf = (hours: readonly Readonly<Record<string, number>>[], name: string): number =>
  hours.reduce((sum, hour) => sum + (hour[name] ?? 0), 0);

/** From the store to the one who asks. */
export const ASK: readonly Step[] = [
  {
    name: "questions of every kind",
    async run({ caller }) {
      const purchases = { event_collection: "purchases" };
      const price = { ...purchases, target_property: "price" };
      assert.equal(await caller.ask("sum", price), 10 + 19_900);
      assert.equal(await caller.ask("maximum", price), 199);
      assert.equal(await caller.ask("count_unique", price), 200);
      assert.equal(await caller.ask("median", price), 97);
      assert.deepEqual(await caller.ask("select_unique", { ...purchases, target_property: "plan" }), ["free", "pro"]);
      assert.deepEqual(await caller.ask("count", { ...purchases, group_by: "plan" }), [
        { plan: "free", result: 200 },
        { plan: "pro", result: 5 },
      ]);
      const daily = (await caller.ask("count", { ...purchases, interval: "daily" })) as { value: number }[];
      assert.equal(daily.at(-1)?.value, 205);
      return "sum, maximum, count_unique, median, select_unique, group_by, interval";
    },
  },
  {
    name: "an extraction of all rows, and the names of collections and properties",
    async run({ caller }) {
      const rows = (await caller.ask("extraction", { event_collection: "purchases" })) as unknown[];
      assert.equal(rows.length, 205);
      const collections = (await caller.read("/events")) as { name: string }[];
      assert.ok(collections.some(({ name }) => name === "purchases"));
      const schema = (await caller.read("/events/purchases")) as { properties: Record<string, string> };
      assert.equal(schema.properties["price"], "num");
      return `${rows.length} rows; ${collections.length} collections`;
    },
  },
  {
    name: "Keen's list of versions, and the dashboard's page, at one address",
    async run({ caller }) {
      const versions = await caller.send("GET", "/", { accept: "application/json" });
      assert.equal(versions.status, 200);
      assert.match(versions.text, /3\.0/);
      const page = await caller.send("GET", "/", { accept: "text/html" });
      assert.equal(page.headers["content-type"]?.split(";")[0], "text/html");
      assert.match(page.headers["content-security-policy"] ?? "", /default-src 'self'.*frame-ancestors 'none'/);
      return "the version list for clients, the page for browsers";
    },
  },
  {
    name: "the ledger balances",
    async run({ caller }) {
      await until(
        "in flight",
        async () => (await ledger(caller)).reduce((sum, hour) => sum + Math.abs(hour["in_flight"] ?? Number.NaN), 0),
        0,
      );
      const hours = await ledger(caller);
      const ends = ["stored", "duplicate", "rejected", "dead", "deleted", "expired"].map((name) => sumOf(hours, name));
      assert.equal(
        sumOf(hours, "accepted"),
        ends.reduce((sum, count) => sum + count, 0),
      );
      return `accepted ${sumOf(hours, "accepted")} = stored ${sumOf(hours, "stored")} + duplicate ${sumOf(hours, "duplicate")} + others`;
    },
  },
];
