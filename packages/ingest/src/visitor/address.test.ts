import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";

test.each([
  ["203.0.113.77", "203.0.113.77", "203.0.113.0"],
  ["::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0"],
  ["2001:DB8:1:2::3", "2001:db8:1:2:0:0:0:3", "2001:db8:1::"],
  ["[2001:db8::1]", undefined, undefined],
  ["host.example", undefined, undefined],
  ["", undefined, undefined],
])("%s: whole %s, cut %s", (text, full, cut) => {
  expect(parseAddress(text)?.full).toBe(full);
  expect(parseAddress(text)?.cut).toBe(cut);
});
