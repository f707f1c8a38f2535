import { HOUR, MINUTE, NOON } from "@millrace/access/testing";
import { expect, test } from "vitest";
import { ADDRESS, BROWSER, ingestUnderTest, outcome } from "../http/testing.ts";

const LANDING = "https://shop.example/sale?utm_source=news&utm_medium=email";
const VISITOR = { ip: ADDRESS, user_agent: BROWSER };

/** A browser that came from a newsletter at noon, perhaps logged in, and the shop's back end. */
async function shop(user?: string) {
  const ingest = await ingestUnderTest();
  const view = { q: 1, n: "pageviews", t: 0, g: 1, u: LANDING };
  const load = { v: 1, k: ingest.keys.write, i: "0019a2f5e1c07abc8def0123456789ab", s: NOON, a: 0, c: {}, e: [view] };
  await ingest.track(user === undefined ? load : { ...load, d: { id: user } });
  const [page] = ingest.events();
  const sell = async (at: number, $visitor: unknown) => {
    ingest.clock.set(at);
    const response = await ingest.post("/purchases", { amount: 10, $visitor }, { "user-agent": "backend/1.0" });
    expect(response.status).toBe(201);
    return ingest.events().at(-1);
  };
  return { ...ingest, page, sell };
}

test.each([
  ["the browser's address and agent", undefined, VISITOR],
  ["the address with a port, as a proxy hands it on", undefined, { ...VISITOR, ip: `${ADDRESS}:50123` }],
  ["the user's id", "user-1", { user: "user-1" }],
])("a server that names %s records into the visit that runs", async (_name, user, visitor) => {
  const { page, sell } = await shop(user);
  const purchase = await sell(NOON + 5 * MINUTE, visitor);
  expect(purchase?.context).toMatchObject({ visit_id: page?.context?.visit_id, visitor: page?.context?.visitor });
  expect(purchase?.raw?.visit).toEqual({ url: LANDING });
  expect(purchase?.properties).toEqual({ amount: 10 });
});

test.each([
  { user: "user-1", ip: "unknown" },
  { ip: "unknown", user_agent: BROWSER },
])("an address that is none takes nothing from the event: %j", async (visitor) => {
  const { sell, page } = await shop("user-1");
  const purchase = await sell(NOON + MINUTE, visitor);
  const known = "user" in visitor ? page?.context : undefined;
  expect([purchase?.context?.visit_id, purchase?.context?.visitor]).toEqual([known?.visit_id, known?.visitor]);
});

test("a server only follows: it begins no visit, and prolongs none", async () => {
  const { sell, page } = await shop();
  for (let minutes = 20; minutes <= 60; minutes += 20) await sell(NOON + minutes * MINUTE, VISITOR);
  const late = await sell(NOON + 2 * HOUR, VISITOR);
  expect(late?.context?.visit_id).toBeUndefined();
  expect(late?.context?.visitor).toBe(page?.context?.visitor);
});

test("each event of a request has its own visitor; those that name none have none", async () => {
  const { post, events, page, clock } = await shop();
  clock.set(NOON + MINUTE);
  await post("", {
    purchases: [{ $visitor: VISITOR }, { $visitor: { ...VISITOR, ip: "203.0.113.78" } }, { $visitor: VISITOR }, {}],
  });
  const visits = events()
    .slice(1)
    .map(({ context }) => context?.visit_id);
  expect(visits).toEqual([page?.context?.visit_id, undefined, page?.context?.visit_id, undefined]);
  expect(events().at(-1)?.context?.visitor).toBeUndefined();
});

test("the address is nowhere in what is queued but cut", async () => {
  const { sell, queue } = await shop();
  await sell(NOON + MINUTE, VISITOR);
  expect(JSON.stringify(queue.envelopes())).not.toContain(ADDRESS);
});

test.each([[{}], [{ user: "" }], [{ user: 7 }], [{ ip: ADDRESS, browser: BROWSER }], [{ user_agent: "x" }]])(
  "a visitor named %j is refused by name",
  async ($visitor) => {
    const { post } = await ingestUnderTest();
    expect(await outcome(await post("/purchases", { $visitor }))).toEqual([400, "InvalidPropertyValueError"]);
  },
);

test("the visitor id of an event that was extracted is no name", async () => {
  const { post, events } = await ingestUnderTest();
  await post("/purchases", { amount: 1, $visitor: "lGVoc2FtZQ" });
  expect(events()[0]).toMatchObject({ properties: { amount: 1 } });
  expect(events()[0]?.context?.visitor).toBeUndefined();
});
