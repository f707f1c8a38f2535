import { expect, test } from "vitest";
import { readTraceparent, spanOf, spanWithin } from "./trace.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test("the header of the specification's example", () => {
  expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
  expect(readTraceparent(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false);
  // Zeros make nothing of an id unless all are.
  expect(readTraceparent(`00-0${TRACE.slice(1)}-0${SPAN.slice(1)}-01`)?.spanId).toBe(`0${SPAN.slice(1)}`);
  // A later version may say more behind it.
  expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
});

test.each([
  undefined,
  "",
  "nonsense",
  `ff-${TRACE}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-011`,
  `00-${TRACE}-${SPAN}`,
  `x00-${TRACE}-${SPAN}-01`,
])("%s is none", (header) => expect(readTraceparent(header)).toBeUndefined());

test("an execution is the same span whenever it is asked, in its own trace or in a caller's", () => {
  const id = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
  expect(spanOf(id)).toEqual({ traceId: "7d4448409dc011d1b2455ffdce74fad2", spanId: "b2455ffdce74fad2" });
  expect(spanOf(id, TRACE)).toEqual({ traceId: TRACE, spanId: "b2455ffdce74fad2" });
  expect(spanOf("start-1")).toEqual(spanOf("start-1"));
  expect(spanOf("start-1").traceId).toMatch(/^[0-9a-f]{32}$/);
  // Only what is a UUID from its beginning to its end has its own digits.
  for (const near of [`x${id}`, `${id}x`]) {
    expect(spanOf(near).traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spanOf(near).traceId).not.toContain("7d4448409dc0");
  }
  expect(spanWithin(id, "call", 0)).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set([spanWithin(id, "call", 0), spanWithin(id, "call", 1), spanWithin(id, "message", 0)]).size).toBe(3);
});
