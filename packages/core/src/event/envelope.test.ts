import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { atExpenseOf } from "../share/stints.ts";
import { addonWeight } from "./addon-weight.ts";
import { decodeEnvelope, readEnvelope, UnreadableMessage } from "./decode.ts";
import { encodeEnvelope, HEAD_BYTES, packContent } from "./encode.ts";
import { eventAt, type Envelope } from "./envelope.ts";
import { LIMITS } from "./limits.ts";
import { messageWeight } from "./message-weight.ts";
import { pathWeight } from "./path-weight.ts";

function envelope(...texts: string[]): Envelope {
  return {
    v: 2,
    batch: "b",
    project: "p",
    receivedAt: 1,
    instance: "i",
    sequence: 1,
    accepted: texts.length,
    request: { executionId: "x", function: "ingest", coldStart: false, durationMs: 1, route: "/", bytes: 1 },
    events: texts.map((text, i) => ({ id: String(i), collection: "c", timestamp: 1, properties: { text } })),
  };
}
/** Text that gzip cannot make small. */
const noise = (length: number) => Array.from({ length }, () => Math.floor(Math.random() * 36).toString(36)).join("");

test("comes back as it went in, whatever the characters", async () => {
  const sent = envelope("", "\u0000\u001f", "\uFFFE\uFFFF", "\u{1F600}", 'quote " and \\');
  const text = await encodeEnvelope(sent);
  expect(decodeEnvelope(text)).toEqual(sent);
  expect(await readEnvelope(text)).toEqual(sent);
});

test("holds no character that SQS refuses", async () => {
  expect(await encodeEnvelope(envelope("\u0000\u0008\uFFFE\uFFFF"))).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
});

test("is packed above the billing step, and only there", async () => {
  expect((await encodeEnvelope(envelope("x"))).startsWith("{")).toBe(true);
  const large = envelope("x".repeat(LIMITS.gzipFromBytes));
  const text = await encodeEnvelope(large);
  expect(text.slice(0, 3)).toBe("gz:");
  expect(text.length).toBeLessThan(2_000);
  expect(decodeEnvelope(text)).toEqual(large);
  expect(await readEnvelope(text)).toEqual(large);
});

test("that would not fit a message even packed is refused with 413, not split", async () => {
  await expect(encodeEnvelope(envelope(noise(1_600_000)))).rejects.toThrow(
    expect.objectContaining({
      code: "RequestEntityTooLarge",
      status: 413,
      message: "The request is too large for one message. Send fewer events per request.",
    }) as Error,
  );
});

test.each(["", "not json", "null", "[]", '{"v":2}', '{"v":3,"events":[]}', "gz:", "gz:AAAA", "gz:5:AAAA"])(
  "%j is unreadable, so that the message reaches the dead-letter queue untouched",
  async (text) => {
    expect(() => decodeEnvelope(text)).toThrow(UnreadableMessage);
    await expect(readEnvelope(text)).rejects.toThrow(UnreadableMessage);
  },
);

test("an unreadable message says what it is not: JSON at all, or of a version that is known here", () => {
  expect(() => decodeEnvelope("not json")).toThrow(
    expect.objectContaining({
      message: "The message is not an envelope.",
      cause: expect.any(SyntaxError) as Error,
    }) as Error,
  );
  expect(() => decodeEnvelope('{"v":4,"events":[]}')).toThrow(
    "The message has envelope version 4; this collector reads 1 to 3.",
  );
});

const EVENT = { id: "0123456789ab0001", collection: "c", timestamp: 1, properties: {} };

test("what events share stands once, and each event gets all of it back; its own comes before", async () => {
  const sent: Envelope = {
    ...envelope(),
    shared: { context: { language: "en", screen: "1x1" }, raw: { userAgent: "UA" } },
    pages: [{ context: { page_path: "/a" }, raw: { url: "/a" } }, { context: { page_path: "/b" } }],
    visits: [{ context: { visit_id: "v" } }],
    events: [{ ...EVENT, page: 1, visit: 0 }, { ...EVENT, page: 0, context: { language: "pl", engaged_ms: 5 } }, EVENT],
  };
  const read = decodeEnvelope(await encodeEnvelope(sent));
  expect(read).toEqual(sent);
  expect([0, 1, 2].map((ordinal) => eventAt(read, ordinal))).toEqual([
    {
      ...EVENT,
      context: { language: "en", screen: "1x1", page_path: "/b", visit_id: "v" },
      raw: { userAgent: "UA" },
    },
    {
      ...EVENT,
      context: { language: "pl", screen: "1x1", page_path: "/a", engaged_ms: 5 },
      raw: { userAgent: "UA", url: "/a" },
    },
    { ...EVENT, context: { language: "en", screen: "1x1" }, raw: { userAgent: "UA" } },
  ]);
});

test("a message of version 1 is read, packed or plain", () => {
  const old = { ...envelope("a", "b"), v: 1 };
  const text = JSON.stringify(old);
  for (const message of [text, `gz:${gzipSync(text).toString("base64")}`]) {
    expect(decodeEnvelope(message)).toEqual({ ...old, v: 2 });
    expect(messageWeight(message)).toBe(text.length);
  }
});

test("it weighs what its events are with everything they share, and says so unopened", async () => {
  const shared = { context: { page_title: "x".repeat(1_000) } };
  for (const count of [1, 50]) {
    const text = await encodeEnvelope({ ...envelope(...Array.from({ length: count }, () => "")), shared });
    expect(text.length).toBeLessThan(5_000 + 100 * count);
    expect(messageWeight(text)).toBeGreaterThan(1_000 * count);
    expect(messageWeight(text)).toBeLessThan(1_500 * count + 1_000);
  }
});

test("beyond the budget of what it unpacks to it is refused with 413, however well it packs", async () => {
  const pages = [{ context: { page_title: "x".repeat(100_000) } }];
  const events = (count: number) => Array.from({ length: count }, () => ({ ...EVENT, page: 0 }));
  await encodeEnvelope({ ...envelope(), pages, events: events(110) });
  await expect(encodeEnvelope({ ...envelope(), pages, events: events(120) })).rejects.toThrow(
    expect.objectContaining({
      code: "RequestEntityTooLarge",
      context: { weight: expect.any(Number), events: 120 },
    }) as Error,
  );
});

test("the paths of properties weigh what a store keeps: each with all the names above it", async () => {
  const leaves = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`p${n}`, n]));
  const event = { ...EVENT, properties: { ["x".repeat(200)]: { ["y".repeat(200)]: leaves } } };
  expect(JSON.stringify(event).length).toBeLessThan(15_000);
  const ofPaths = messageWeight(await encodeEnvelope({ ...envelope(), events: [event] }));
  expect(ofPaths).toBeGreaterThan(1_000 * 402);
  expect(ofPaths).toBeLessThan(1_000 * 402 + 20_000);
  const events = Array.from({ length: 30 }, () => event);
  await expect(encodeEnvelope({ ...envelope(), events })).rejects.toThrow(
    expect.objectContaining({ status: 413 }) as Error,
  );
});

test.each([
  [{ a: 1, list: [{ b: 1 }], "dotted.name": {} }, 0],
  [{ a: { b: 1 } }, "a.".length],
  [{ ab: { c: 1, d: "x" }, e: 1 }, 2 * "ab.".length],
  [{ ab: { cd: { e: 1, f: null } } }, 2 * "ab.cd.".length],
  [null, 0],
  ["text", 0],
])("%j has so many characters of paths beyond its names: %i", (properties, chars) => {
  expect(pathWeight(properties)).toBe(chars);
});

const weightOf = (text: string) => (JSON.parse(text) as { weight: number }).weight;

test("its weight is the sum of its events, each with all that it shares, its paths and what its add-ons will write", async () => {
  const shared = { context: { language: "en" } };
  const pages = [{ context: { page_path: "/" } }, { context: { page_path: "/longer" } }];
  const visits = [{ context: { visit_id: "v" } }, { context: { visit_id: "longer" } }];
  const addons = [{ name: "keen:referrer_parser" as const, input: { referrer_url: "r" }, output: "ref" }];
  const events = [
    { ...EVENT, page: 1, visit: 0 },
    { ...EVENT, page: 0, visit: 1, properties: { ab: { c: 1, d: 2 } } },
    { ...EVENT, properties: { r: "https://a/" }, addons },
  ];
  const sent = { ...envelope(), shared, pages, visits, events };
  const text = await encodeEnvelope(sent);
  const chars = (...of: unknown[]) => of.reduce<number>((sum, each) => sum + JSON.stringify(each).length, 0);
  expect(weightOf(text)).toBe(
    chars(...events, shared, shared, shared, ...pages, ...visits) + 2 * "ab.".length + addonWeight(events[2] as never),
  );
  expect(decodeEnvelope(text)).toEqual(sent);
});

test("as much as it may weigh it may, and not one character more", async () => {
  const shared = { context: { page_title: "x".repeat(2_000_000) } };
  const last = (chars: number) => ({
    ...envelope(),
    shared,
    events: [...Array.from({ length: 4 }, () => EVENT), { ...EVENT, properties: { text: "x".repeat(chars) } }],
  });
  const weight = messageWeight(await encodeEnvelope(last(0)));
  expect(messageWeight(await encodeEnvelope(last(LIMITS.unpackedBytes - weight)))).toBe(LIMITS.unpackedBytes);
  await expect(encodeEnvelope(last(LIMITS.unpackedBytes - weight + 1))).rejects.toThrow(
    expect.objectContaining({ status: 413, context: { weight: LIMITS.unpackedBytes + 1, events: 5 } }) as Error,
  );
});

test("as large as a plain message may be it stays plain, and not one byte more", async () => {
  const restOf = async (chars: number) => (await packContent(envelope("x".repeat(chars)))).rest;
  const { length } = await restOf(50_000);
  const most = 50_000 + LIMITS.gzipFromBytes - HEAD_BYTES - length;
  expect(await restOf(most)).toBeTypeOf("string");
  expect(await restOf(most + 1)).toBeInstanceOf(Buffer);
  expect((await encodeEnvelope(envelope("x".repeat(most)))).length).toBeLessThanOrEqual(LIMITS.gzipFromBytes);
});

test("a message that does not fit as it is fits packed", async () => {
  const large = envelope(noise(400_000), "x".repeat(700_000));
  expect(JSON.stringify(large).length).toBeGreaterThan(LIMITS.messageBytes);
  const text = await encodeEnvelope(large);
  expect(text.length).toBeLessThanOrEqual(LIMITS.messageBytes);
  expect(decodeEnvelope(text)).toEqual(large);
});

test("a message that only just fits packed does so with the longest head that there can be", async () => {
  const text = noise(1_600_000);
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const half = (fits + tooLong) >> 1;
    const packs = await packContent(envelope(text.slice(0, half))).then(
      () => true,
      () => false,
    );
    if (packs) fits = half;
    else tooLong = half;
  }
  const longest = { ...envelope(text.slice(0, fits)), instance: noise(HEAD_BYTES - 400) };
  expect((await encodeEnvelope(longest)).length).toBeLessThanOrEqual(LIMITS.messageBytes);
  await expect(packContent(envelope(text.slice(0, tooLong)))).rejects.toThrow(
    expect.objectContaining({ status: 413, context: expect.objectContaining({ events: 1 }) }) as Error,
  );
});

test("thousands of events are packed and read with turns of others between them", async () => {
  const events = Array.from({ length: 5_000 }, (_, n) => ({ ...EVENT, properties: { n, text: "é\n".repeat(500) } }));
  const stintsOf = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
    let stints = 0;
    const result = await atExpenseOf(() => void stints++, work);
    return [stints, result];
  };
  const [packing, text] = await stintsOf(() => encodeEnvelope({ ...envelope(), events }));
  const [reading, read] = await stintsOf(() => readEnvelope(text));
  expect(read.events).toEqual(events);
  expect(packing).toBeGreaterThan(3);
  expect(reading).toBeGreaterThan(3);
});

test.each([
  ["without a break", JSON.stringify(envelope("a", "b"))],
  ["with breaks of its own", JSON.stringify(envelope("a", "b"), null, 2)],
  ["of one line for each event", `{"v":2,"batch":"b","events":[\n${JSON.stringify(EVENT)},\n[1,\n2]\n]}`],
  ["with another list of events inside", `{"v":2,"shared":{"events":[\n1]},"events":[\n{},\n{}\n]}`],
  ["with something behind the events", `{"v":2,"events":[\n{}],"more":[1\n]}`],
])("a message that somebody else wrote, %s, is read as any other JSON", async (_how, text) => {
  expect(await readEnvelope(text)).toEqual(decodeEnvelope(text));
});

test("a message that unpacks to far more than we ever send is unreadable; it is not unpacked to see", async () => {
  const bomb = `gz:${gzipSync(Buffer.alloc(80_000_000, 0x20)).toString("base64")}`;
  expect(() => decodeEnvelope(bomb)).toThrow(UnreadableMessage);
  await expect(readEnvelope(bomb)).rejects.toThrow(UnreadableMessage);
  expect(messageWeight(bomb)).toBe(80_000_000);
});

test("places that do not exist and events that are none pass through: whoever stores them finds out", async () => {
  const content = { pages: [], events: [{ ...EVENT, page: 7 }, null as never] };
  expect(eventAt(content, 0)).toEqual(EVENT);
  expect(eventAt({ events: [{ ...EVENT, page: 0, visit: 0 }] }, 0)).toEqual(EVENT);
  expect(decodeEnvelope(await encodeEnvelope({ ...envelope(), ...content })).events).toEqual(content.events);
  expect(eventAt(content, 1)).toBeNull();
  expect(eventAt(content, 2)).toBeUndefined();
});

test("a message of events that are sent again says which of their request they are, or nobody reads it", async () => {
  const again = { ...envelope("a", "b"), v: 3, ordinals: [7, 0] } as const;
  expect(decodeEnvelope(await encodeEnvelope(again))).toEqual(again);
  const without = { ...envelope("a"), v: 3 } as const;
  for (const bad of [
    without,
    { ...again, ordinals: [0, -1] },
    { ...without, ordinals: [1, 2] },
    { ...without, ordinals: [-1] },
    { ...envelope("a"), ordinals: [0] },
  ])
    expect(() => decodeEnvelope(JSON.stringify(bad))).toThrow(
      new UnreadableMessage("The message does not say which events of their request it holds."),
    );
});
