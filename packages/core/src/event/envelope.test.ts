import { expect, test } from "vitest";
import { decodeEnvelope, encodeEnvelope, UnreadableMessage, type Envelope } from "./envelope.ts";
import { LIMITS } from "./limits.ts";

function envelope(...texts: string[]): Envelope {
  return {
    v: 1,
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

test("comes back as it went in, whatever the characters", () => {
  const sent = envelope("", "\u0000\u001f", "\uFFFE\uFFFF", "\u{1F600}", 'quote " and \\');
  expect(decodeEnvelope(encodeEnvelope(sent))).toEqual(sent);
});

test("holds no character that SQS refuses", () => {
  expect(encodeEnvelope(envelope("\u0000\u0008\uFFFE\uFFFF"))).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
});

test("is packed above the billing step, and only there", () => {
  expect(encodeEnvelope(envelope("x")).startsWith("{")).toBe(true);
  const large = envelope("x".repeat(LIMITS.gzipFromBytes));
  const text = encodeEnvelope(large);
  expect(text.startsWith("gz:")).toBe(true);
  expect(text.length).toBeLessThan(2_000);
  expect(decodeEnvelope(text)).toEqual(large);
});

test("that would not fit a message even packed is refused with 413, not split", () => {
  expect(() => encodeEnvelope(envelope(noise(1_600_000)))).toThrow(
    expect.objectContaining({ code: "RequestEntityTooLarge", status: 413 }) as Error,
  );
});

test.each(["", "not json", "null", "[]", '{"v":1}', '{"v":2,"events":[]}', "gz:", "gz:AAAA"])(
  "%j is unreadable, so that the message reaches the dead-letter queue untouched",
  (text) => expect(() => decodeEnvelope(text)).toThrow(UnreadableMessage),
);
