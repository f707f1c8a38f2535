import { expect, test } from "vitest";
import { isBotFilter, type BotRules } from "./bot-rules.ts";
import { all, type Filter } from "./filter.ts";

const eq = (field: string, value: string | boolean): Filter<string> => ({ kind: "eq", field, value });
const LABELLED = eq("$bot.is", true);
const RULES: BotRules = { ignore: ["no-user-agent"], also: [{ agent: "our monitor", office: true }] };
const MONITOR = all(eq("agent", "our monitor"), eq("office", true));

test("a bot is what was labelled one when it was stored", () => {
  expect(isBotFilter({ ignore: [], also: [] })).toEqual(LABELLED);
});

test("a project that ignores a reason goes by the others", () => {
  const others = { kind: "in", field: "$bot.reasons", values: ["user-agent", "headless", "webdriver"] };
  expect(isBotFilter({ ...RULES, also: [] })).toEqual(others);
  expect(isBotFilter(RULES)).toEqual({ kind: "any", of: [others, MONITOR] });
});

test("what a project calls a bot is one besides: an event with all of the values", () => {
  expect(isBotFilter({ ...RULES, ignore: [] })).toEqual({ kind: "any", of: [LABELLED, MONITOR] });
});
