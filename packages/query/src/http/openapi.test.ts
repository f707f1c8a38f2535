import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLES } from "./openapi-examples.ts";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

test("every example of an analysis is answered, and by a GET too", async () => {
  await t.record(
    ...["purchases", "pageviews", "signups", "invitations"].map((collection) => ({
      collection,
      properties: { price: 12, country: "FR" },
    })),
  );
  for (const [analysis, example] of Object.entries(EXAMPLES)) {
    const headers = { Authorization: t.shop.readKey };
    const url = `${t.shop.url}/queries/${analysis}`;
    const posted = await t.app.request(url, { method: "POST", headers, body: JSON.stringify(example) });
    expect({ analysis, status: posted.status }).toEqual({ analysis, status: 200 });
    const texts = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    const got = await t.app.request(`${url}?${new URLSearchParams(texts).toString()}`, { headers });
    const timeless = (text: string) => text.replaceAll(/"(total_processing_time|engine_ms)":[\d.e-]+/g, "");
    expect(timeless(await got.text())).toBe(timeless(await posted.text()));
  }
});

test("every route is in it, and every analysis with its own parameters", async () => {
  const document = (await (await t.app.request("/openapi.json")).json()) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
  };
  for (const route of t.routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}").replace("{analysis}", "count");
    expect(document.paths[path], path).toHaveProperty(route.method.toLowerCase());
  }
  const schema = (analysis: string) =>
    document.paths[`/3.0/projects/{project}/queries/${analysis}`]?.["post"]?.requestBody?.content["application/json"]
      ?.schema;
  expect(schema("percentile")).toMatchObject({
    required: ["target_property", "percentile", "event_collection"],
    properties: { bots: { enum: ["include", "exclude", "only"] }, group_by: { anyOf: expect.any(Array) } },
  });
  expect(schema("batch")).toMatchObject({ required: ["queries"], properties: { queries: { maxProperties: 50 } } });
  expect(schema("extraction")).not.toHaveProperty("properties.interval");
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(references).toContain("Filter");
  for (const name of references) expect(document).toHaveProperty(["components", "schemas", name ?? ""]);
});
