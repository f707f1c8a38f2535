import { createSqliteRegistry } from "@millrace/access";
import { PROPERTY_QUOTA } from "@millrace/core";
import { createReferenceStore } from "@millrace/core/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "./setup.ts";
import { WRONG_KEPT } from "./wrong/kept.ts";
import { WRONG_QUESTIONS } from "./wrong/questions.ts";
import { WRONG_SHARING } from "./wrong/sharing.ts";

const WRONG = { ...WRONG_QUESTIONS, ...WRONG_KEPT, ...WRONG_SHARING };

// What callers are told of what is wrong with their request: the words were reviewed, and change on purpose only. No answer is
// computed, so the store is the one that is quickest to make.
let t: TestApp;
beforeAll(async () => {
  t = await createTestApp(undefined, PROPERTY_QUOTA, async (clock) => ({
    store: createReferenceStore(),
    registry: createSqliteRegistry({ path: ":memory:", clock }),
  }));
  await t.record({ properties: { price: 5, country: "PL" } });
  const query = { analysis_type: "count", event_collection: "purchases" };
  const daily = { ...query, timeframe: "this_7_days", interval: "daily" };
  await t.send("PUT", "/queries/saved/there", { body: { query } });
  await t.send("PUT", "/datasets/there", {
    body: { display_name: "There", query: daily, index_by: ["country", "price"] },
  });
  await t.send("PUT", "/definitions/boards/there", { body: { title: "There", content: {} } });
  await t.send("PUT", "/reports/paused", { body: { every: "daily", to: [{ mail: "ada@example.com" }], paused: true } });
});
afterAll(() => t.close());

test.each(Object.entries(WRONG))("what is told of wrong requests for %s", async (group, requests) => {
  const told: string[] = [];
  for (const [request, body] of requests) {
    const [method = "", path = ""] = request.split(" ");
    const { status, body: answer } = await t.send(method, path, body === undefined ? {} : { body });
    told.push(`${request} ${shortened(body)}\n  ${status} ${answer?.error_code}: ${answer?.message}\n`);
  }
  await expect(told.join("\n").replaceAll(t.shop.id, "PROJECT")).toMatchFileSnapshot(`told/${group}.snap`);
});

function shortened(body: object | undefined): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
