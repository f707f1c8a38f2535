import { createSqliteRegistry } from "@millrace/access";
import { PROPERTY_QUOTA } from "@millrace/core";
import { createReferenceStore } from "@millrace/core/contract";
import { expect, onTestFinished, test } from "vitest";
import { createTestApp } from "./setup.ts";
import { WALKS } from "./walks.ts";

/** A shop with some events; the store is the one that is quickest to make, and what these questions mean is compared elsewhere. */
async function setUp() {
  const t = await createTestApp(
    (deps) => ({ ...deps, addressOf: () => "192.0.2.1" }),
    PROPERTY_QUOTA,
    async (clock) => ({
      store: createReferenceStore(),
      registry: createSqliteRegistry({ path: ":memory:", clock }),
    }),
  );
  onTestFinished(() => t.close());
  await t.record(
    { properties: { price: 5, country: "PL", tags: ["a"], paid: true } },
    { properties: { price: "free", country: "DE", at: "2021-03-10T10:00:00Z" }, at: "2021-03-09T10:00:00Z" },
    { collection: "signups", properties: { plan: null, "user.id": "ada" } },
  );
  return t;
}

// What a project's owner is shown, request by request: the answers were reviewed, and change on purpose only.
test.each(Object.entries(WALKS))("what is shown of %s", async (group, requests) => {
  const t = await setUp();
  const shown: string[] = [];
  /** What an answer gave and a later request names: by the name of its member. */
  const given = new Map<string, string>();
  const secrets = new Map([[t.shop.id, "PROJECT"]]);
  for (const [request, body] of requests) {
    const [method = "", path = ""] = request.split(" ");
    const named = (text: string) => text.replaceAll(/<(\w+)>/g, (_, name: string) => given.get(name) ?? name);
    const url = path.startsWith("/3.0") ? "" : t.shop.url;
    const response = await t.app.request(url + named(path), {
      method,
      headers: { Authorization: t.shop.masterKey },
      ...(body !== undefined && { body: named(JSON.stringify(body)) }),
    });
    const text = await response.text();
    for (const [, name = "", value = ""] of text.matchAll(/"(key|key_id|id|token|secret)":"([^"]+)"/g)) {
      if (value === t.shop.id) continue;
      given.set(name, value);
      secrets.set(value, `<${name}>`);
    }
    const answer = text === "" ? "" : JSON.stringify(JSON.parse(text), null, 1);
    shown.push(`${request} ${body === undefined ? "" : JSON.stringify(body)}\n${response.status} ${answer}\n`);
    t.clock.advance(1_000);
  }
  const log = (await t.access.audit.search({ project: t.shop.id })).entries;
  for (const { what, target, after } of log.toReversed())
    shown.push(`${what} ${target} ${JSON.stringify(after ?? null)}`);
  const longestFirst = [...secrets].toSorted(([a], [b]) => b.length - a.length);
  const text = longestFirst.reduce((all, [value, name]) => all.replaceAll(value, name), shown.join("\n"));
  await expect(`${timeless(text)}\n`).toMatchFileSnapshot(`shown/${group.replaceAll(" ", "-")}.snap`);
});

/** Without what is another every time: the hashes of keys, the moments at which tokens were made, and how long something took. */
function timeless(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{64}\b/g, "HASH")
    .replaceAll(/(?!2021|2020)20\d\d-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/("total_processing_time": )[\d.e-]+/g, "$1SECONDS");
}
