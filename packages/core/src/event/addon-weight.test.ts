import { expect, test } from "vitest";
import { addonWeight, inputPaths } from "./addon-weight.ts";
import { KEEN_ADDONS, type KeenAddon } from "./event.ts";
import { LIMITS } from "./limits.ts";

const addon = (name: KeenAddon["name"], path: string, output = "out"): KeenAddon => ({
  name,
  input: { x: path },
  output,
});
/** Of one leaf: the add-on's own name and value, and where it goes to. */
const LEAF = 20 + "out".length;
const ABSENT = "not.there";

test.each([
  ["keen:ip_to_geo", 7],
  ["keen:ua_parser", 11],
  ["keen:url_parser", 5],
  ["keen:referrer_parser", 3],
  ["keen:date_time_parser", 11],
] as const)("%s writes so many properties at most, each with its path", (name, leaves) => {
  expect(addonWeight({ addons: [addon(name, ABSENT)], properties: {} })).toBe(leaves * LEAF);
  expect(addonWeight({ addons: [addon(name, ABSENT, "longer.out")], properties: {} })).toBe(leaves * (LEAF + 7));
});

test("what it reads is added, and what is not ASCII as it stands in a URL; what is no text is nothing", () => {
  const read = (value: string | number) =>
    addonWeight({ addons: [addon("keen:referrer_parser", "a.b")], properties: { a: { b: value } } }) - 3 * LEAF;
  expect(read("https://a.example/~!")).toBe(20);
  expect(read("a ä")).toBe(1 + 3 + 6);
  expect(read("aa \u{1F600} bb")).toBe(2 + 3 + 12 + 3 + 2);
  expect([read(""), read(12_345)]).toEqual([0, 0]);
});

test("each parameter of a parsed URL is a property, and of no other add-on's text", () => {
  const url = "https://a/?b=1&c=2&d";
  const weight = (name: KeenAddon["name"]) => addonWeight({ addons: [addon(name, "u")], properties: { u: url } });
  expect(weight("keen:url_parser")).toBe((5 + 3) * LEAF + url.length);
  expect(weight("keen:referrer_parser")).toBe(3 * LEAF + url.length);
  expect(addonWeight({ addons: [addon("keen:url_parser", "u")], properties: { u: 5 } })).toBe(5 * LEAF);
});

test("what is not there yet is a part of what those before it write", () => {
  const first = addon("keen:referrer_parser", ABSENT);
  const second = addon("keen:ip_to_geo", "out.url");
  expect(addonWeight({ addons: [first, second], properties: {} })).toBe(3 * LEAF + (3 * LEAF + 7 * LEAF));
});

test("no more is counted than they may write", () => {
  const addons = (count: number) => Array.from({ length: count }, () => addon("keen:ua_parser", "ua"));
  const properties = { ua: "x".repeat(10_000) };
  const one = 10_000 + 11 * LEAF;
  expect(addonWeight({ addons: addons(6), properties })).toBe(6 * one);
  expect(addonWeight({ addons: addons(7), properties })).toBe(LIMITS.addonChars);
  const exact = { ua: "x".repeat(LIMITS.addonChars - 1 - 11 * LEAF) };
  expect(addonWeight({ addons: addons(1), properties: exact })).toBe(LIMITS.addonChars - 1);
});

test("of its parameters only texts are paths", () => {
  expect(inputPaths({ ip: "a.b", remove_ip_property: true, other: "c" })).toEqual(["a.b", "c"]);
});

const GOOD = addon("keen:ip_to_geo", ABSENT);
test.each([
  ["none", undefined],
  ["no list", { 0: GOOD, length: 1, every: () => true }],
  ["an entry that is nothing", [GOOD, null]],
  ["a name nobody knows", [{ ...GOOD, name: "keen:other" }]],
  ["a name that every object has", [{ ...GOOD, name: "toString" }]],
  ["a name that is no text", [{ ...GOOD, name: ["keen:ip_to_geo"] }]],
  ["no input", [{ ...GOOD, input: undefined }]],
  ["an input that is no object", [{ ...GOOD, input: "ip" }]],
  ["an output that is no text", [{ ...GOOD, output: 5 }]],
  ["one bad entry among good ones", [GOOD, { ...GOOD, output: null }]],
])("what somebody else wrote weighs nothing where it is not as it should be: %s", (_, addons) => {
  expect(addonWeight({ addons: addons as never, properties: {} })).toBe(0);
});

test("properties that are none weigh nothing, and every add-on of Keen's has its weight", () => {
  expect(addonWeight({ addons: [GOOD], properties: null as never })).toBe(0);
  for (const name of KEEN_ADDONS)
    expect(addonWeight({ addons: [addon(name, ABSENT)], properties: {} })).toBeGreaterThan(0);
});
