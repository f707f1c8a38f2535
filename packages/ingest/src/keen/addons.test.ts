import { LIMITS, type Json, type JsonObject } from "@millrace/core";
import { expect, test } from "vitest";
import { checkAddons, readAddons } from "./addons.ts";

const url = (more: JsonObject = {}) => ({ name: "keen:url_parser", input: { url: "u" }, output: "out", ...more });
const geo = (input: JsonObject) => ({ name: "keen:ip_to_geo", input, output: "out" });
const levels = (count: number) => Array(count).fill("a").join(".");

test("each of Keen's add-ons is read with its inputs", () => {
  const list = [
    url({ output: levels(LIMITS.addonOutputLevels) }),
    geo({ ip: "a.b", remove_ip_property: true }),
    { name: "keen:ua_parser", input: { ua_string: "ua" }, output: "out" },
    { name: "keen:referrer_parser", input: { referrer_url: "r", page_url: "p" }, output: "keener" },
    { name: "keen:date_time_parser", input: { date_time: "keen.timestamp" }, output: "out" },
  ];
  expect(readAddons(list).map((each) => ({ ...each, input: { ...each.input } }))).toEqual(list);
  expect(readAddons(Array<Json>(50).fill(url()))).toHaveLength(50);
});

const path = "p".repeat(LIMITS.propertyPathChars + 1);
test.each<[problem: string, value: Json]>([
  ["keen.addons must be a list", { 0: url() }],
  ["keen.addons may hold 50 entries", Array<Json>(51).fill(url())],
  ["an entry of keen.addons must be an object", ["keen:url_parser"]],
  ["an entry of keen.addons has a name that is not one of Keen's add-ons", [url({ name: "keen:magic" })]],
  ['keen:url_parser needs an object "input"', [url({ input: "u" })]],
  ['keen:url_parser needs the input "url"', [url({ input: {} })]],
  [
    'keen:referrer_parser needs the input "page_url"',
    [{ name: "keen:referrer_parser", input: { referrer_url: "r" }, output: "o" }],
  ],
  ['keen:ip_to_geo needs the input "ip"', [geo({ remove_ip_property: true })]],
  ['keen:ua_parser needs the input "ua_string"', [{ name: "keen:ua_parser", input: {}, output: "o" }]],
  [
    'keen:referrer_parser needs the input "referrer_url"',
    [{ name: "keen:referrer_parser", input: { page_url: "p" }, output: "o" }],
  ],
  ['keen:date_time_parser needs the input "date_time"', [{ name: "keen:date_time_parser", input: {}, output: "o" }]],
  ['the input "url" of keen:url_parser must be a property path', [url({ input: { url: "" } })]],
  ['the input "url" of keen:url_parser must be a property path', [url({ input: { url: path } })]],
  ['the input "url" of keen:url_parser must be a property path', [url({ input: { url: "\ud800" } })]],
  ['the input "other" of keen:url_parser must be a property path', [url({ input: { url: "u", other: 5 } })]],
  ['the input "remove_ip_property" of keen:ip_to_geo must be a boolean', [geo({ ip: "i", remove_ip_property: "yes" })]],
  [`the input "${"n".repeat(60)}" of keen:ip_to_geo must be a property path`, [geo({ ip: "i", ["n".repeat(80)]: 1 })]],
  ['keen:url_parser needs a property path "output"', [url({ output: "" })]],
  ['keen:url_parser may not write into "keen"', [url({ output: "keen" })]],
  ['keen:url_parser may not write into "keen"', [url({ output: "keen.x" })]],
  ["the output of keen:url_parser is no property path: a name in it starts with $", [url({ output: "a.$b" })]],
  ["the output of keen:url_parser is no property path: a name in it is blank", [url({ output: "a..b" })]],
  [
    `the output of keen:url_parser has ${LIMITS.addonOutputLevels + 1} levels; ${LIMITS.addonOutputLevels} are possible`,
    [url({ output: levels(LIMITS.addonOutputLevels + 1) })],
  ],
])("refused: %s", (problem, value) => {
  expect(() => readAddons(value)).toThrow(
    expect.objectContaining({ code: "InvalidPropertyValueError", message: `Add-ons: ${problem}.` }),
  );
});

test.each<[problem: string, addons: Json[], properties: JsonObject]>([
  ['keen:url_parser reads the property "u", which the event does not have', [url()], {}],
  [
    `keen:ip_to_geo reads the property "${"n".repeat(60)}", which the event does not have`,
    [geo({ ip: "n".repeat(61) })],
    {},
  ],
  ['keen:url_parser writes an object at "out", where the event has another value', [url()], { u: "x", out: 5 }],
  [
    `together they read more than ${LIMITS.addonChars} characters of the event`,
    [url(), url({ output: "other" })],
    { u: "x".repeat(LIMITS.addonChars / 2 + 1) },
  ],
])("refused with its event: %s", (problem, addons, properties) => {
  expect(() => checkAddons(readAddons(addons), properties)).toThrow(
    expect.objectContaining({ code: "InvalidPropertyValueError", message: `Add-ons: ${problem}.` }),
  );
});

test("as much as they may read together is read, and what one may write the next may read", () => {
  const properties = { u: "x".repeat(LIMITS.addonChars / 2) };
  const next = url({ input: { url: "out.domain" }, output: "more" });
  expect(() => checkAddons(readAddons([url(), url({ output: "other" }), next]), properties)).not.toThrow();
});
