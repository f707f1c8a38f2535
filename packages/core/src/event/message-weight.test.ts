import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { messageWeight } from "./message-weight.ts";

const body = "x".repeat(40);

test.each([
  ["a plain message states it", `{"weight":5000,"v":2}${body}`, 5_000],
  ["so does a packed one", `gz:5000:${body}`, 5_000],
  ["what is stated is stated at the very beginning", `{"v":1,"weight":5000}${body}`, 61],
  ["and is a number of nine digits at most", `{"weight":${"9".repeat(10)},"v":2}${body}`, 67],
  ["nothing weighs less than its text", `{"weight":1,"v":2}${body}`, 58],
  ["a message of version 1 states nothing and is what it weighs", `{"v":1}${body}`, 47],
  ["what only has it further on does not state it", `x{"weight":5000,"v":2}${body}`, 62],
  ["one that breaks off has no size to read", "gz:AA", 5],
  ["four bytes are a size", `gz:${Buffer.from([0x88, 0x13, 0, 0]).toString("base64")}`, 5_000],
  ["nothing at all weighs nothing", "", 0],
])("%s", (_, text, weight) => {
  expect(messageWeight(text)).toBe(weight);
});

test("a packed message that states nothing weighs what it unpacks to: gzip says it at its end", () => {
  expect(messageWeight(`gz:${gzipSync("x".repeat(10_000)).toString("base64")}`)).toBe(10_000);
});
