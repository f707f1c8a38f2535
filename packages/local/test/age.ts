import {
  createAccess,
  createCatalogue,
  createDeletions,
  createSqliteRegistry,
  createTombstones,
  systemRandom,
} from "@millrace/access";
import { mintId, monthOf, type Clock, type EventStore, type Registry } from "@millrace/core";
import { storedEvent } from "@millrace/core/contract";
import { createLedger } from "@millrace/ops";
import { createQueryApp, createStored } from "@millrace/query";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MONTHS = 36;
/** Of each month, one on each of its first days. */
const EVENTS = 20;
const VISITORS = 10;
const PAGES = 4;
const PEOPLE = 20;
const HOUR = 3_600_000;
/** Midnight of a month's first day, counted from January 2024. */
const startOf = (month: number) => Date.UTC(2024, month, 1);
const NOW = startOf(MONTHS - 1) + 25 * 24 * HOUR;

interface Stage {
  readonly clock: Clock;
  readonly registry: Registry;
}
/** A store whose changes can be made visible, and whose traces can be removed. */
interface Opened {
  readonly store: EventStore;
  refresh(): Promise<void>;
  remove(): Promise<void>;
}

/** A store that is three years old, asked by twenty people at once for the whole dashboard, before and after an erasure. */
export function ageCases(name: string, open: (stage: Stage) => Promise<Opened>): void {
  describe(`${name}, three years old`, () => {
    let now = startOf(0);
    const clock = { now: () => now };
    const registry = createSqliteRegistry({ path: ":memory:", clock });
    const access = createAccess({ registry, clock, random: systemRandom });
    const catalogue = createCatalogue({ registry, clock });
    let opened: Opened;
    let project: string;
    let ask: (body: object) => Promise<Response>;

    beforeAll(async () => {
      opened = await open({ clock, registry });
      const { store } = opened;
      ({ id: project } = await access.projects.create({ name: "Old" }));
      for (let month = 0; month < MONTHS; month++) {
        now = startOf(month) + 24 * HOUR;
        // Prepares two months ahead; a store may have been away for a while.
        if (month % 2 === 0) await store.prepare();
        const events = Array.from({ length: EVENTS }, (_, n) => {
          const timestamp = startOf(month) + n * 24 * HOUR + HOUR;
          const context = { visitor: `v${n % VISITORS}`, page_path: `/${n % PAGES}` };
          return storedEvent({ project, timestamp, id: mintId(timestamp, systemRandom(10)), context });
        });
        expect((await store.append(events)).every(({ kind }) => kind === "stored")).toBe(true);
        const when = { identity: monthOf(now), timestamp: monthOf(now) };
        await catalogue.admit(project, [], when, ["visits"]);
      }
      now = NOW;
      await opened.refresh();
      const nothing = async () => [];
      const outcomes: EventStore["outcomes"] = (...query) => store.outcomes(...query);
      const ledger = createLedger({ outcomes, accepted: nothing, dead: nothing, refused: nothing });
      const tombstones = createTombstones({ registry, clock, random: systemRandom });
      const { app } = createQueryApp({
        access,
        source: store,
        catalogue,
        ledger,
        clock,
        stored: createStored({ registry, clock }),
        deletions: createDeletions({ tombstones, store, clock, wait: async () => undefined }),
      });
      const key = await access.keys.create(project, "read");
      ask = async (body) =>
        app.request(`/3.0/projects/${project}/queries/batch`, {
          method: "POST",
          headers: { authorization: key },
          body: JSON.stringify(body),
        });
    }, 300_000);
    afterAll(async () => {
      await opened.remove();
      await opened.store.close();
      await registry.close();
    });

    const iso = (time: number) => new Date(time).toISOString();
    const recent = { start: iso(startOf(MONTHS - 1)), end: iso(NOW) };
    const ever = { start: iso(startOf(0)), end: iso(startOf(MONTHS)) };
    const of = (analysis_type: string, more: object) => ({ analysis_type, event_collection: "visits", ...more });
    const unique = { analysis_type: "count_unique", target_property: "$visitor" };
    /** As the page asks: cards, chart, panels, and how far the data goes back. */
    const queries = {
      cards: of("multi_analysis", {
        timeframe: recent,
        analyses: { views: { analysis_type: "count" }, visitors: unique },
      }),
      before: of("count", { timeframe: { start: iso(startOf(MONTHS - 2)), end: iso(startOf(MONTHS - 1)) } }),
      chart: of("count", { timeframe: recent, interval: "daily" }),
      pages: of("count", { timeframe: recent, group_by: "$page.path" }),
      people: of("count_unique", { timeframe: ever, target_property: "$visitor" }),
      months: of("count", { timeframe: ever, interval: "monthly" }),
    };
    /** @param visitors that are left; each has as many events in each month */
    function answers(visitors: number) {
      const perMonth = (EVENTS / VISITORS) * visitors;
      const days = Array.from({ length: EVENTS }, (_, n) => (n % VISITORS < VISITORS - visitors ? 0 : 1));
      return {
        cards: { views: perMonth, visitors },
        before: perMonth,
        chart: [...days, ...Array.from({ length: 5 }, () => 0)],
        pages: Array.from({ length: PAGES }, (_, page) => ({
          "$page.path": `/${page}`,
          result: days.filter((count, n) => count === 1 && n % PAGES === page).length,
        })),
        people: visitors,
        months: Array.from({ length: MONTHS }, () => perMonth),
      };
    }
    interface Batch {
      readonly result: Readonly<Record<keyof typeof queries, { readonly result: unknown }>>;
    }
    const values = (result: unknown) => (result as { value: unknown }[]).map(({ value }) => value);

    async function twentyAtOnce() {
      const pages = await Promise.all(Array.from({ length: PEOPLE }, () => ask({ queries })));
      expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
      return Promise.all(
        pages.map(async (page) => {
          const { result } = (await page.json()) as Batch;
          return {
            cards: result.cards.result,
            before: result.before.result,
            chart: values(result.chart.result),
            pages: result.pages.result,
            people: result.people.result,
            months: values(result.months.result),
          };
        }),
      );
    }

    test("twenty people open the whole dashboard at once, and each has every answer", async () => {
      for (const page of await twentyAtOnce()) expect(page).toEqual(answers(VISITORS));
    });

    test("an erased visitor is gone from all of the years, and from nobody else's", async () => {
      const where = { project, visitor: "v0", receivedBefore: NOW };
      expect(await opened.store.deleteWhere(where)).toMatchObject({
        events: (MONTHS * EVENTS) / VISITORS,
        complete: true,
      });
      await opened.refresh();
      for (const page of await twentyAtOnce()) expect(page).toEqual(answers(VISITORS - 1));
    });
  });
}
