import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";

test.each([
  ["203.0.113.77", "203.0.113.77", "203.0.113.0"],
  ["::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0"],
  ["2001:DB8:1:2::3", "2001:db8:1:2:0:0:0:3", "2001:db8:1::"],
  ["[2001:db8::1]", "2001:db8:0:0:0:0:0:1", "2001:db8::"],
  ["[2001:db8:1:2::3]:50123", "2001:db8:1:2:0:0:0:3", "2001:db8:1::"],
  ["203.0.113.9:50123", "203.0.113.9", "203.0.113.0"],
  [" 203.0.113.9 ", "203.0.113.9", "203.0.113.0"],
  ["2001:db8:1:2::3:50123", "2001:db8:1:2:0:0:0:3", "2001:db8:1::"],
  ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1", "fe80::"],
  ["[fe80::1%25eth0]:443", "fe80:0:0:0:0:0:0:1", "fe80::"],
  ['"[2001:db8::1]:47011"', "2001:db8:0:0:0:0:0:1", "2001:db8::"],
  ['"203.0.113.9:443"', "203.0.113.9", "203.0.113.0"],
  ["unknown", undefined, undefined],
  ["_hidden", undefined, undefined],
  ["8080", undefined, undefined],
  ["1.2.3", undefined, undefined],
  ["0x7f000001", undefined, undefined],
  ["010.0.0.1", undefined, undefined],
  ["203.0.113.256", undefined, undefined],
  ["203.0.113.0/24", undefined, undefined],
  ["203.0.113.9:50123:1", undefined, undefined],
  ["host.example", undefined, undefined],
  ["2001:db8:1:2::3:50123x", undefined, undefined],
  ["x2001:db8:1:2::3:50123", undefined, undefined],
  ["x[2001:db8::1]", undefined, undefined],
  ["[2001:db8::1]x", undefined, undefined],
  ["[2001:db8::1]:port", undefined, undefined],
  ["x203.0.113.9:443", undefined, undefined],
  ["203.0.113.9:443x", undefined, undefined],
  ["", undefined, undefined],
])("%s: whole %s, cut %s", (text, full, cut) => {
  expect(parseAddress(text)?.full).toBe(full);
  expect(parseAddress(text)?.cut).toBe(cut);
});
