import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSender, type Sender } from "../src/sender.ts";
import { encode, type Details, type Page } from "../src/wire.ts";

const MINUTE = 60_000;
const PAGE: Page = { g: 1, u: "https://shop.example/", T: "Shop" };

interface Sent {
  l?: number;
  e: { q: number; n: string }[];
}

/** The server in virtual time: how it answers now, and what it was sent. */
let answer: () => Response | Promise<Response>;
let sent: { body: Sent; bytes: number; at: number; taken: boolean }[];
let sender: Sender;
let sequence: number;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  sequence = 0;
  answer = accept;
  vi.stubGlobal("navigator", { onLine: true, language: "en" });
  vi.stubGlobal("document", {});
  vi.stubGlobal(
    "Document",
    class {
      readonly referrer = "";
    },
  );
  vi.stubGlobal("screen", { width: 1, height: 1 });
  vi.stubGlobal("innerWidth", 1);
  vi.stubGlobal("innerHeight", 1);
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    const request = { body: JSON.parse(body) as Sent, bytes: Buffer.byteLength(body), at: Date.now(), taken: false };
    sent.push(request);
    const response = await answer();
    request.taken = response.ok;
    return response;
  });
  vi.spyOn(console, "warn").mockImplementation(() => {});
  sender = createSender("https://stats.example/v1/e", (events, lost) => encode({ v: 1 }, {}, events, lost));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const accept = () => Response.json({ refused: [] }, { status: 202 });
const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(null, { status: code, headers });

function add(n: string, count = 1, details: Details = {}): void {
  const worth = n === "pageviews" ? 3 : details.m || details.x ? 1 : 2;
  for (let i = 0; i < count; i++) {
    const event = { ...details, n, q: ++sequence, t: Date.now() };
    sender._add(event, PAGE, worth, undefined);
  }
}
const text = (chars: number) => ({ p: { text: "x".repeat(chars) } });
const taken = () => sent.filter((request) => request.taken).flatMap(({ body }) => body.e);
const lost = () => sent.filter((request) => request.taken).flatMap(({ body }) => body.l ?? []);

test.each([
  ["503", status(503)],
  ["429", status(429)],
  ["no network", unreachable],
])(
  "an hour of %s drops nothing, and is tried at most every five minutes; then everything arrives",
  async (_what, down) => {
    answer = down;
    add("pageviews");
    for (let minute = 0; minute < 60; minute++) {
      add("clicks", 10);
      await vi.advanceTimersByTimeAsync(MINUTE);
    }
    expect(taken()).toEqual([]);
    expect(sent.length).toBeGreaterThan(12);
    expect(sent.length).toBeLessThan(80);
    answer = accept;
    await vi.advanceTimersByTimeAsync(6 * MINUTE);
    expect(taken().map(({ q }) => q)).toEqual(Array.from({ length: 601 }, (_, i) => i + 1));
    expect(lost()).toEqual([]);
  },
);

test("Retry-After holds however long the tries before were, and more events do not shorten it", async () => {
  answer = status(503, { "Retry-After": "600" });
  add("pageviews");
  await vi.advanceTimersByTimeAsync(4000);
  answer = accept;
  add("clicks", 100);
  await vi.advanceTimersByTimeAsync(599_000);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(taken()).toHaveLength(101);
});

test("beyond what may be kept, what says little alone goes first, page views last; the older before the younger", async () => {
  answer = unreachable;
  const kilobytes = (count: number) => text(count * 1024);
  add("pageviews", 1, kilobytes(20));
  add("engagement", 10, { m: 5, ...kilobytes(20) });
  add("outbound_clicks", 10, { x: "https://other.example/", ...kilobytes(20) });
  add("signup", 10, kilobytes(20));
  // A megabyte is 48 of these: 19 of the 20 that measure must go …
  add("signup", 36, kilobytes(20));
  const names = () => Map.groupBy(sender._waiting(), ({ _event }) => _event.n);
  expect(names().get("engagement")).toBeUndefined();
  expect(names().get("outbound_clicks")).toHaveLength(1);
  // … then the oldest of the others, and never the view.
  add("signup", 60, kilobytes(20));
  expect([...names().keys()]).toEqual(["pageviews", "signup"]);
  expect(sender._waiting()[0]?._event.q).toBe(1);
  const kept = sender
    ._waiting()
    .slice(1)
    .map(({ _event }) => _event.q);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => sequence - kept.length + 1 + i));
  expect(kept.length).toBe(47);

  // One that would displace all of them is itself the one to go.
  add("dump", 1, kilobytes(900));
  expect(sender._waiting()).toHaveLength(48);
});

test("what was given up is told with the next batch until one is accepted, and then no more", async () => {
  answer = unreachable;
  add("signup", 60, text(20 * 1024));
  const given = 60 - sender._waiting().length;
  expect(given).toBeGreaterThan(5);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  answer = accept;
  await vi.advanceTimersByTimeAsync(6 * MINUTE);
  expect(sent.filter(({ body }) => body.l === given).length).toBeGreaterThan(2);
  expect(lost()).toEqual([given]);
  expect(taken()).toHaveLength(60 - given);
  expect(console.warn).toHaveBeenCalledWith("millrace", given, "lost");
});

test("a batch that is refused for good is counted as lost where Millrace has not counted it itself", async () => {
  answer = status(403);
  add("signup", 3);
  await vi.advanceTimersByTimeAsync(4000);
  answer = () => Response.json({ error_code: "InvalidEventError", message: "No." }, { status: 400 });
  add("signup", 5);
  await vi.advanceTimersByTimeAsync(4000);
  answer = accept;
  add("signup");
  await vi.advanceTimersByTimeAsync(4000);
  expect(sent.map(({ body }) => body.l)).toEqual([undefined, 3, 3]);
  expect(lost()).toEqual([3]);
  expect(taken().map(({ q }) => q)).toEqual([9]);
});

test("a batch goes out at 24 KB, so that what waits is never more than a leaving page may send", async () => {
  add("large", 2, text(9 * 1024));
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([]);
  add("large", 12, text(9 * 1024));
  await vi.advanceTimersByTimeAsync(100);
  // What is less than 24 KB waits for its fourth second.
  expect(taken()).toHaveLength(12);
  await vi.advanceTimersByTimeAsync(4000);
  expect(taken()).toHaveLength(14);
  for (const { bytes } of sent) expect(bytes).toBeLessThanOrEqual(30_000);
});

test.each([["null"], ['"text"'], ["<html>"], ['{"refused":7}'], ['{"refused":[null]}']])(
  "an answer that is not ours (%s) stops nothing",
  async (body) => {
    answer = () => new Response(body, { status: 202 });
    add("signup", 31);
    await vi.advanceTimersByTimeAsync(1);
    add("signup");
    await vi.advanceTimersByTimeAsync(4000);
    expect(taken()).toHaveLength(32);
    expect(sender._waiting()).toEqual([]);
  },
);
