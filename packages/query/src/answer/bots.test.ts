import { changeSettings, type BotSettings } from "@millrace/access";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  const seen = (id: string, bot_reasons: string[], properties = {}, user_id?: string) => ({
    properties: { id, ...properties },
    context: { bot_is: bot_reasons.length > 0, bot_reasons, ...(user_id !== undefined && { user_id }) },
  });
  await t.record(
    seen("person", []),
    seen("crawler", ["user-agent"]),
    seen("device", ["no-user-agent"]),
    seen("device that crawls", ["no-user-agent", "user-agent"]),
    seen("monitor", [], { office: "Ulm", step: 3 }, "monitor"),
    seen("colleague", [], { office: "Ulm" }),
    { properties: { id: "of before there were labels" } },
  );
});
afterAll(() => t.close());

async function idsUnder(bots: BotSettings, mode: string): Promise<unknown> {
  await changeSettings(t.access.projects, { project: t.shop.id, bots });
  return (await t.query("select_unique", { target_property: "id", bots: mode })).body.result;
}
const ALL = [
  "colleague",
  "crawler",
  "device",
  "device that crawls",
  "monitor",
  "of before there were labels",
  "person",
];

test.each<[string, BotSettings, string[]]>([
  ["nothing: the label decides", {}, ["crawler", "device", "device that crawls"]],
  ["a reason that makes nobody a bot", { ignore: ["no-user-agent"] }, ["crawler", "device that crawls"]],
  ["no reason at all", { ignore: ["no-user-agent", "user-agent", "headless", "webdriver"] }, []],
  ["a monitor by its user", { also: [{ $user: "monitor" }] }, ["crawler", "device", "device that crawls", "monitor"]],
  [
    "all values of a rule, one of the rules",
    { ignore: ["no-user-agent", "user-agent"], also: [{ office: "Ulm", step: 3 }, { office: "Bonn" }] },
    ["monitor"],
  ],
  ["the office", { ignore: ["no-user-agent", "user-agent"], also: [{ office: "Ulm" }] }, ["colleague", "monitor"]],
])("what is stored is judged by the project's rules, at once: %s", async (_name, rules, bots) => {
  expect(await idsUnder(rules, "only")).toEqual(bots);
  expect(await idsUnder(rules, "exclude")).toEqual(ALL.filter((id) => !bots.includes(id)));
  expect(await idsUnder(rules, "include")).toEqual(ALL);
});

test.each<[BotSettings, string]>([
  [{ ignore: ["boredom"] }, "no reason"],
  [{ also: [{}] }, "1 to 5 fields"],
  [{ also: [{ "$nowhere.at": 1 }] }, "$nowhere.at"],
  [{ also: [{ "keen.timestamp": "never" }] }, "keen.timestamp"],
  [{ also: Array.from({ length: 21 }, () => ({ a: 1 })) }, "20 are possible"],
])("rules that cannot be are refused by name: %j", async (bots, message) => {
  await expect(changeSettings(t.access.projects, { project: t.shop.id, bots })).rejects.toThrow(message);
});
