import { beforeEach, describe, expect, test } from "vitest";
import { VISIT_TIMEOUT_MS, type Visits, type VisitTouch } from "../ports/visits.ts";

export interface VisitsContract {
  readonly name: string;
  /** A store of its own for each test; the answer opens it, as often as it is called. */
  readonly create: () => Promise<() => Visits>;
}

/** 2026-11-23T12:00:00Z. */
const NOON = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const ENTRY = { url: "https://shop.example/a", referrer: "https://search.example/" };

/** What every adapter of the visit port does. */
export function describeVisitsContract({ name, create }: VisitsContract): void {
  describe(`visits in ${name}`, () => {
    let open: () => Visits;
    let visits: Visits;
    beforeEach(async () => {
      open = await create();
      visits = open();
    });
    const request = (
      visitors: VisitTouch["visitors"],
      at: number,
      views: string[],
      more: Partial<VisitTouch> = {},
    ) => ({
      project: "p",
      visitors,
      from: at,
      to: at,
      pageViews: views,
      entry: {},
      ...more,
    });
    const touch = (at: number, ...views: string[]) => visits.touch(request(["v"], at, views));
    const by = (visitors: VisitTouch["visitors"], at: number, views: string[], more: Partial<VisitTouch> = {}) =>
      visits.touch(request(visitors, at, views, more));

    test("page views of a visit are numbered from 1, over several requests", async () => {
      const first = await touch(NOON, "a", "b");
      const second = await touch(NOON + MINUTE, "c");
      expect(first.pages).toEqual([1, 2]);
      expect(second).toEqual({ visit: first.visit, pages: [3] });
    });

    test("a retried request gets the same visit and the same numbers, also mixed with new page views", async () => {
      const first = await touch(NOON, "a", "b");
      expect(await touch(NOON, "a", "b")).toEqual(first);
      expect(await touch(NOON + MINUTE, "b", "c")).toEqual({ visit: first.visit, pages: [2, 3] });
      expect(await touch(NOON, "a", "b")).toEqual(first);
      const next = await touch(NOON + 10 * VISIT_TIMEOUT_MS, "z");
      expect(next.visit.id).not.toBe(first.visit.id);
    });

    test("a request with more page views than are remembered is idempotent too", async () => {
      const many = Array.from({ length: 300 }, (_, i) => `e${i}`);
      const first = await touch(NOON, ...many);
      expect(first.pages).toEqual(many.map((_, i) => i + 1));
      expect(await touch(NOON, ...many)).toEqual(first);
    });

    test("30 minutes of silence end a visit, not a moment less; engaged time without page views keeps it going", async () => {
      const first = await touch(NOON, "a");
      expect(await touch(NOON + VISIT_TIMEOUT_MS)).toEqual({ visit: first.visit, pages: [] });
      expect(await touch(NOON + 2 * VISIT_TIMEOUT_MS, "b")).toEqual({ visit: first.visit, pages: [2] });
      const later = await touch(NOON + 3 * VISIT_TIMEOUT_MS + 1, "c");
      expect(later.visit.id).not.toBe(first.visit.id);
      expect(later.pages).toEqual([1]);
    });

    test("who has been there all the time was not silent: presence counts from its first moment", async () => {
      const first = await touch(NOON, "a");
      const away = NOON + 3 * VISIT_TIMEOUT_MS;
      expect(await by(["v"], away, ["b"], { from: NOON + MINUTE })).toEqual({ visit: first.visit, pages: [2] });
    });

    test("late events of an earlier time do not end the visit that runs now, and come to the same on a retry", async () => {
      const running = await touch(NOON, "a");
      const late = await touch(NOON - 5 * VISIT_TIMEOUT_MS, "old");
      expect(late.visit.id).not.toBe(running.visit.id);
      expect(late.pages).toEqual([1]);
      expect(await touch(NOON - 5 * VISIT_TIMEOUT_MS, "old")).toEqual(late);
      expect(await touch(NOON + MINUTE, "b")).toEqual({ visit: running.visit, pages: [2] });
      expect(await touch(NOON - MINUTE, "c")).toEqual({ visit: running.visit, pages: [3] });
    });

    test("requests at the same time never get the same page number, in one process or several", async () => {
      const touches = [open(), open(), open()].flatMap((each, who) =>
        Array.from({ length: 10 }, (_, i) => each.touch(request(["v"], NOON, [`e${who}_${i}`]))),
      );
      const answers = await Promise.all(touches);
      const pages = answers.map((answer) => answer.pages[0] ?? 0).sort((a, b) => a - b);
      expect(pages).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(new Set(answers.map(({ visit }) => visit.id)).size).toBe(1);
    });

    test("visitors and projects do not share visits", async () => {
      const ids = [
        await by(["v"], NOON, ["a"]),
        await by(["w"], NOON, ["a"]),
        await by(["v"], NOON, ["a"], { project: "q" }),
      ].map(({ visit }) => visit.id);
      expect(new Set(ids).size).toBe(3);
    });

    test("a visit keeps where it came from, whatever later requests say", async () => {
      await by(["v"], NOON, ["a"], { entry: ENTRY });
      const later = await by(["v"], NOON + MINUTE, ["b"], { entry: { url: "https://shop.example/b" } });
      expect(later.visit.entry).toEqual(ENTRY);
      expect((await by(["w"], NOON, ["a"])).visit.entry).toEqual({});
    });

    test("who only looks begins and prolongs nothing", async () => {
      const look = (at: number) => visits.running({ project: "p", visitors: ["v"], from: at, to: at });
      expect(await look(NOON)).toBeUndefined();
      const { visit } = await by(["v"], NOON, ["a"], { entry: ENTRY });
      expect(await look(NOON + VISIT_TIMEOUT_MS)).toEqual(visit);
      expect(await look(NOON + VISIT_TIMEOUT_MS + 1)).toBeUndefined();
      expect(await look(NOON + VISIT_TIMEOUT_MS)).toEqual(visit);
      expect((await touch(NOON + VISIT_TIMEOUT_MS + 1, "b")).visit.id).not.toBe(visit.id);
    });

    test("over midnight it goes on under the new day's id, and late events of the old day find it there", async () => {
      const before = await by(["old"], NOON, ["a"], { entry: ENTRY });
      const after = await by(["new", "old"], NOON + MINUTE, ["b"]);
      expect(after).toEqual({ visit: before.visit, pages: [2] });
      expect(await by(["old"], NOON + 10, ["late"])).toEqual({ visit: before.visit, pages: [3] });
      expect(await by(["new"], NOON + VISIT_TIMEOUT_MS, ["c"])).toEqual({ visit: before.visit, pages: [4] });
      expect(await by(["new", "old"], NOON + MINUTE, ["b"])).toEqual({ visit: before.visit, pages: [2] });
    });

    test("a person who logs in goes on in the visit that runs, and again after logging out", async () => {
      const before = await by(["browser"], NOON, ["a"]);
      const within = await by(["person", "browser"], NOON + MINUTE, ["b"], { person: "person" });
      expect(within).toEqual({ visit: before.visit, pages: [2] });
      expect(within.visit.person).toBeUndefined();
      expect(await by(["browser"], NOON + 2 * MINUTE, ["c"])).toEqual({ visit: before.visit, pages: [3] });
      const look = { project: "p", visitors: ["browser"] as const, from: NOON + MINUTE, to: NOON + MINUTE };
      expect(await visits.running(look)).toEqual(before.visit);
    });

    test("a visit that begins logged in stays that person's when the id ends", async () => {
      const before = await by(["person", "browser"], NOON, ["a"], { person: "person" });
      expect(before.visit.person).toBe("person");
      expect(await by(["browser"], NOON + MINUTE, ["b"])).toEqual({ visit: before.visit, pages: [2] });
      const later = await by(["browser"], NOON + 3 * VISIT_TIMEOUT_MS, ["c"]);
      expect(later.visit).not.toMatchObject({ id: before.visit.id });
      expect(later.visit.person).toBeUndefined();
    });

    test("two people logged in behind one address and browser are two visits", async () => {
      const one = await by(["anna", "office"], NOON, ["a"], { person: "anna" });
      const two = await by(["ben", "office"], NOON + MINUTE, ["b"], { person: "ben" });
      expect(two.visit.id).not.toBe(one.visit.id);
      expect(two.pages).toEqual([1]);
      expect(await by(["anna", "office"], NOON + 2 * MINUTE, ["c"], { person: "anna" })).toEqual({
        visit: one.visit,
        pages: [2],
      });
    });
  });
}
