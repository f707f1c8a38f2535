import type { KeenAddon } from "@millrace/core";
import { NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { ingestUnderTest } from "../http/testing.ts";
import { fill, keepFilled } from "./autofill.ts";

const json = (text: string) => JSON.parse(text) as Record<string, never>;

describe("fill", () => {
  test.each([
    ['{"a":1}', '{"b":2}', '{"a":1,"b":2}'],
    ['{"a":1}', '{"a":2}', '{"a":2}'],
    ['{"a":{"x":1,"y":1}}', '{"a":{"x":2}}', '{"a":{"x":2,"y":1}}'],
    ['{"a":"text"}', '{"a":{"x":2}}', '{"a":{"x":2}}'],
    ['{"a":{"x":1}}', '{"a":null}', '{"a":null}'],
    ['{"a":[1]}', '{"a":[2]}', '{"a":[2]}'],
    ['{"__proto__":{"x":1}}', '{"__proto__":{"x":2}}', '{"__proto__":{"x":2}}'],
    ['{"keen":{"addons":[1],"timestamp":"t"}}', '{"keen":{"addons":[2]}}', '{"keen":{"addons":[1,2],"timestamp":"t"}}'],
  ])("%s under %s is %s", (event, autofill, expected) => {
    const [sent, given] = [json(event), json(autofill)];
    fill(sent, given);
    expect(JSON.stringify(sent)).toBe(expected);
    expect(JSON.stringify(given)).toBe(autofill);
  });
});

describe("an add-on, which runs later", () => {
  const long = "p".repeat(80);
  const autofill = { customer: { id: "93" }, address: "1.2.3.4", plan: {}, [long]: 1 };
  const writing = (output: string): KeenAddon => ({ name: "keen:url_parser", input: { url: "u" }, output });
  const looking = (input: KeenAddon["input"]): KeenAddon => ({ name: "keen:ip_to_geo", input, output: "geo" });

  test.each<[what: string, addon: KeenAddon, lost: string]>([
    ["writes where an object of it is", writing("customer"), "customer.id"],
    ["writes where a value of it is", writing("customer.id"), "customer.id"],
    ["writes inside of a value of it", writing("customer.id.deep"), "customer.id"],
    ["writes where an empty object of it is", writing("plan"), "plan"],
    ["writes into an empty object of it", writing("plan.name"), "plan"],
    ["takes a value of it out", looking({ ip: "address", remove_ip_property: true }), "address"],
    ["takes a value out further in", looking({ ip: "customer.id", remove_ip_property: true }), "customer.id"],
    ["writes where a long name of it is", writing(long), long.slice(0, 60)],
  ])("may not undo what the key fills in: one that %s", (_what, addon, lost) => {
    expect(() => keepFilled([writing("elsewhere"), addon], autofill)).toThrow(
      expect.objectContaining({
        code: "InvalidPropertyValueError",
        message: `Add-ons: ${addon.name} would change "${lost}", which the key fills in.`,
      }),
    );
  });

  test("may write beside it and read it", () => {
    const beside = [writing("customers"), writing("customer.site"), writing("planned")];
    const reading = [looking({ ip: "address" }), looking({ ip: "address", remove_ip_property: false })];
    const own = looking({ ip: "ip", remove_ip_property: true });
    expect(() => keepFilled([...beside, ...reading, own], autofill)).not.toThrow();
  });
});

describe("an access key with autofill", () => {
  const autofill = { customer: { id: "93" }, address: "${keen.ip}" };
  async function filling(more: object = {}) {
    const under = await ingestUnderTest();
    const { key } = await under.access.accessKeys.create(under.project.id, {
      name: "k",
      active: true,
      permitted: ["writes"],
      options: { writes: { autofill: { ...autofill, ...more } as never }, queries: { filters: [{ never: "asked" }] } },
    });
    return { ...under, key, headers: { authorization: key } };
  }

  test("fills every event in, whatever it says, alone and in bulk, and each with its own copy", async () => {
    const { post, events, headers } = await filling();
    expect((await post("/c", { customer: { id: "1", name: "Ada" }, address: 7 }, headers)).status).toBe(201);
    await post("", { c: [{ customer: "text" }, {}] }, headers);
    expect(events().map(({ properties }) => properties)).toEqual([
      { customer: { id: "93", name: "Ada" }, address: expect.stringMatching(/\.0$/) },
      { customer: { id: "93" }, address: expect.stringMatching(/\.0$/) },
      { customer: { id: "93" }, address: expect.stringMatching(/\.0$/) },
    ]);
  });

  test("cannot be undone by an add-on that writes there, or takes it out", async () => {
    const { post, headers, queue } = await filling();
    const addon = (name: string, input: object, output: string) => ({
      keen: { addons: [{ name, input, output }] },
      u: "http://a.b/",
      i: "1.2.3.4",
    });
    for (const event of [
      addon("keen:url_parser", { url: "u" }, "customer"),
      addon("keen:url_parser", { url: "u" }, "customer.id"),
      addon("keen:url_parser", { url: "u" }, "customer.id.deep"),
      addon("keen:ip_to_geo", { ip: "address", remove_ip_property: true }, "geo"),
      addon("keen:ip_to_geo", { ip: "customer.id", remove_ip_property: true }, "geo"),
    ]) {
      const response = await post("/c", event, headers);
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error_code: "InvalidPropertyValueError" },
      ]);
    }
    expect((await post("/c", addon("keen:url_parser", { url: "u" }, "customers"), headers)).status).toBe(201);
    expect(queue.messages).toHaveLength(1);
  });

  test("fills in what a tracker sends under it, which says no project", async () => {
    const { track, events, key } = await filling();
    const hex = NOON.toString(16).padStart(12, "0");
    const batch = {
      v: 1,
      k: key,
      i: `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`,
      s: NOON,
      c: {},
      e: [{ n: "click", q: 1, t: 0, p: { customer: { id: "1" } } }],
    };
    const response = await track(batch);
    expect([response.status, await response.json()]).toEqual([202, { refused: [] }]);
    expect(events()[0]?.properties).toEqual({ customer: { id: "93" }, address: expect.stringMatching(/\.0$/) });
    expect((await track({ ...batch, k: key.replace(/.$/, (c) => (c === "0" ? "1" : "0")) })).status).toBe(401);
    expect((await track({ ...batch, k: "0".repeat(72) })).status).toBe(401);
  });

  test("may bring add-ons of its own", async () => {
    const addons = [{ name: "keen:url_parser", input: { url: "u" }, output: "parsed" }];
    const { post, events, headers } = await filling({ keen: { addons } });
    await post("/c", { u: "http://a.b/", keen: { timestamp: "2026-11-22" } }, headers);
    expect(events()[0]).toMatchObject({ addons, timestamp: Date.UTC(2026, 10, 22) });
  });
});
