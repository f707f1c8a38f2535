import { NOON } from "@millrace/access/testing";
import { identityTime, isEventId, LIMITS, partitionMonth } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { ingestUnderTest, outcome } from "../http/testing.ts";

const uuidAt = (time: number, tail = "7abc-8def-0123456789ab") => {
  const hex = time.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${tail}`;
};
const UUID_V4 = "8e03978e-40d5-43dd-bc93-6894a57f9324";

describe("Idempotency-Key", () => {
  test("the same request has the same ids, whenever it comes: over the end of a month too", async () => {
    const { post, events, clock } = await ingestUnderTest();
    const monthEnd = Date.UTC(2026, 11, 1);
    clock.set(monthEnd - 1);
    const headers = { "idempotency-key": uuidAt(monthEnd - 1) };
    const body = { a: [{ n: 1 }, { "bad.name": 1 }, { n: 2 }], b: [{ keen: { timestamp: "2026-10-05T00:00:00Z" } }] };
    await post("", body, headers);
    clock.set(monthEnd + 3_600_000);
    await post("", body, headers);
    const ids = events().map(({ id }) => id);
    expect(ids.slice(3)).toEqual(ids.slice(0, 3));
    expect(new Set(ids).size).toBe(3);
    expect(ids.every(isEventId)).toBe(true);
    expect(ids.slice(0, 3).map(partitionMonth)).toEqual(["202611", "202611", "202610"]);
  });

  test("ids are the project's, the key's, the collection's and the place's; not the order of collections'", async () => {
    const one = await ingestUnderTest();
    const other = await ingestUnderTest();
    const headers = { "idempotency-key": uuidAt(NOON) };
    await one.post("", { a: [{}, {}], b: [{}] }, headers);
    await one.post("", { b: [{}], a: [{}, {}] }, headers);
    await one.post("", { a: [{}] }, { "idempotency-key": uuidAt(NOON, "7abc-8def-0123456789ac") });
    await other.post("", { a: [{}] }, headers);
    const ids = one.events().map(({ id }) => id);
    expect(new Set(ids.slice(0, 3))).toEqual(new Set(ids.slice(3, 6)));
    expect(new Set([...ids, other.events()[0]?.id]).size).toBe(5);
  });

  test("ids of one time are in the order of the request, which is how a store gives its events back", async () => {
    const { post, events } = await ingestUnderTest();
    await post("", { c: Array.from({ length: 40 }, () => ({})) }, { "idempotency-key": uuidAt(NOON) });
    const ids = events().map(({ id }) => id);
    expect(ids).toHaveLength(40);
    expect(ids.toSorted()).toEqual(ids);
  });

  test("quotes, dashes and capitals of a UUIDv7: quotes are not part of the key, its time is found in each", async () => {
    const { post, events } = await ingestUnderTest();
    const key = uuidAt(NOON);
    for (const spelt of [key, `"${key}"`, key.toUpperCase(), key.replaceAll("-", "")]) {
      await post("/c", {}, { "idempotency-key": spelt });
    }
    expect(events().map(({ id }) => identityTime(id))).toEqual(Array(4).fill(NOON));
    expect(events()[1]?.id).toBe(events()[0]?.id);
  });

  test("any other key will do for events that say their time; another is refused, one by one, naming the header", async () => {
    const { post, events } = await ingestUnderTest();
    const timed = { keen: { timestamp: "2026-10-05T00:00:00Z" } };
    const headers = { "idempotency-key": UUID_V4 };
    const response = await post("", { c: [timed, {}] }, headers);
    const description = expect.stringMatching(/Idempotency-Key must be a UUIDv7.*keen\.timestamp/) as string;
    expect(await response.json()).toEqual({
      c: [{ success: true }, { success: false, error: { name: "InvalidParameterError", description } }],
    });
    expect(await outcome(await post("/c", {}, headers))).toEqual([400, "InvalidParameterError"]);
    expect(events().map(({ id }) => identityTime(id))).toEqual([Date.UTC(2026, 9, 5)]);
  });

  test("the clock of whoever made the key may be a day ahead", async () => {
    const { post, events } = await ingestUnderTest();
    expect((await post("/c", {}, { "idempotency-key": uuidAt(NOON + LIMITS.futureMs) })).status).toBe(201);
    expect(events().map(({ id }) => identityTime(id))).toEqual([NOON + LIMITS.futureMs]);
  });

  test.each([
    ["empty", ""],
    ["with a blank", "a b"],
    ["sent twice", "a, b"],
    ["not ASCII", "caf\u00e9"],
    ["of 129 characters", "x".repeat(129)],
    ["of a time more than a day ahead", uuidAt(NOON + LIMITS.futureMs + 1)],
  ])("%s: 400 naming the header, nothing is queued", async (_, key) => {
    const { post, queue } = await ingestUnderTest();
    for (const [path, body] of [
      ["/c", { keen: { timestamp: "2026-10-05T00:00:00Z" } }],
      ["", { c: [{}] }],
    ] as const) {
      const response = await post(path, body, { "idempotency-key": key });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        error_code: "InvalidParameterError",
        message: expect.stringContaining("Idempotency-Key"),
      });
    }
    expect(queue.messages).toEqual([]);
  });
});

describe("keen.event_id", () => {
  const id = `${(NOON - 5).toString(16).padStart(12, "0")}0123456789abcdef`;

  test("is the event's id with a write key too, before any key's, and no property of it", async () => {
    const { post, events, keys } = await ingestUnderTest();
    await post("/c", { keen: { event_id: id } }, { "idempotency-key": UUID_V4 });
    await post("/c", { keen: { event_id: id, id: id.replace(/f$/, "e") } }, { authorization: keys.master });
    expect(events().map((event) => [event.id, event.properties])).toEqual([
      [id, {}],
      [id, {}],
    ]);
  });

  test.each([
    ["short", "is not an event id"],
    [5, "is not an event id"],
    [`${(NOON + LIMITS.futureMs + 1).toString(16).padStart(12, "0")}0123456789abcdef`, "in the future"],
  ])("%s is refused, naming it", async (bad, problem) => {
    const { post } = await ingestUnderTest();
    const response = await post("/c", { keen: { event_id: bad } });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error_code: "InvalidPropertyValueError",
      message: expect.stringMatching(new RegExp(`keen\\.event_id .*${problem}`)) as string,
    });
  });
});
