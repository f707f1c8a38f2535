import { expect, test } from "vitest";
import { linkedSecret, numericSetting, setting, switchSetting } from "./config.ts";

test("a missing setting stops the function and is named", () => {
  expect(() => setting("SQS_QUEUE_URL", {})).toThrow("SQS_QUEUE_URL is not set");
  expect(() => setting("SQS_QUEUE_URL", { SQS_QUEUE_URL: "" })).toThrow("SQS_QUEUE_URL is not set");
});

test.each(["", "ten", "0", "-1", "Infinity"])("a number that is %j is refused, never guessed", (text) => {
  expect(() => numericSetting("OPENSEARCH_SHARDS", { OPENSEARCH_SHARDS: text })).toThrow("OPENSEARCH_SHARDS");
});

test("a switch knows two words, so that a typing error cannot switch a check off", () => {
  expect(switchSetting("ORIGIN_CHECK", { ORIGIN_CHECK: "on" })).toBe(true);
  expect(switchSetting("ORIGIN_CHECK", { ORIGIN_CHECK: "off" })).toBe(false);
  expect(() => switchSetting("ORIGIN_CHECK", { ORIGIN_CHECK: "Off" })).toThrow('must be "on" or "off"');
});

test("a secret that is not linked is named", () => {
  process.env["SST_RESOURCE_App"] = JSON.stringify({ name: "millrace", stage: "test" });
  expect(() => linkedSecret("SlackWebhook")).toThrow("SlackWebhook");
});
