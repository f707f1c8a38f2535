import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, NOW, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record({}, {}, { at: "2021-03-09T00:00:00Z" });
});
afterAll(() => t.close());

const encoded = (value: unknown) => encodeURIComponent(JSON.stringify(value));

const hour = (iso: string, accepted: number, stored: number) => ({
  hour: iso,
  accepted,
  stored,
  duplicate: 0,
  rejected: 0,
  dead: 0,
  deleted: 0,
  expired: 0,
  in_flight: accepted - stored,
  refused: {},
  lost: 0,
  without_visitor: 0,
});
const accept = (iso: string, count: number) => t.accepted.set(Date.parse(iso), count);

test("the last 24 hours by default, newest first, balanced when every settled hour is accounted for", async () => {
  accept("2021-03-10T11:00:00Z", 2);
  accept("2021-03-09T00:00:00Z", 1);
  expect((await t.get("/ledger")).body).toEqual({
    result: [hour("2021-03-10T11:00:00.000Z", 2, 2)],
    balanced: true,
    turned_away: [],
  });
  const range = encoded({ start: "2021-03-09", end: "2021-03-11" });
  expect((await t.get(`/ledger?timeframe=${range}`)).body).toEqual({
    result: [hour("2021-03-10T11:00:00.000Z", 2, 2), hour("2021-03-09T00:00:00.000Z", 1, 1)],
    balanced: true,
    turned_away: [],
  });
});

test("an event that is missing in an hour long past is a difference; in the running hour it is on its way", async () => {
  accept("2021-03-10T12:00:00Z", 5);
  expect((await t.get("/ledger")).body).toMatchObject({ result: [{ in_flight: 5 }, { in_flight: 0 }], balanced: true });
  accept("2021-03-10T10:00:00Z", 1);
  expect((await t.get("/ledger")).body).toMatchObject({ balanced: false });
});

test("hours younger than the oldest queued message are not judged", async () => {
  const queued = await createTestApp((deps) => ({
    ...deps,
    queue: { stats: async () => ({ visible: 1, inFlight: 0, dead: 0, oldestAgeMs: 3 * 3_600_000 }) },
  }));
  queued.accepted.set(NOW - 2 * 3_600_000, 1);
  expect((await queued.get("/ledger")).body).toMatchObject({ balanced: true });
  queued.accepted.set(NOW - 5 * 3_600_000, 1);
  expect((await queued.get("/ledger")).body).toMatchObject({ balanced: false });
  await queued.close();
});

test("more than a year at once is refused", async () => {
  const { status, body } = await t.get("/ledger?timeframe=previous_2_years");
  expect([status, body.error_code]).toEqual([400, "InvalidTimeframeError"]);
});

test("what was turned away before a project was known stands beside the balance, by hour", async () => {
  const away = await createTestApp((deps) => ({
    ...deps,
    ledger: {
      ...deps.ledger,
      turnedAway: async (from, to) => {
        expect([to - from, to]).toEqual([24 * 3_600_000 + 1, NOW + 1]);
        return [{ hour: Date.parse("2021-03-10T10:00:00Z"), counts: { gateway: 7, firewall: 2 } }];
      },
    },
  }));
  expect((await away.get("/ledger")).body).toMatchObject({
    turned_away: [{ hour: "2021-03-10T10:00:00.000Z", gateway: 7, firewall: 2 }],
    balanced: true,
  });
  await away.close();
});
