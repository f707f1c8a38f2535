import { embedToken, type EmbedTokenOptions } from "@millrace/client/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

const CUSTOMER = { property_name: "customer.id", operator: "eq", property_value: "93" };
/** What the holder of a token for customer 93 must never see: the other customer, the property that tells them apart, the project's name. */
const LEAKS = /rival|customer\.id|"93"|other_collection|Shop/;

let app: TestApp;
let secret: string;

beforeAll(async () => {
  app = await createTestApp();
  const view = (id: string, path: string, at: string) => ({
    collection: "pageviews",
    at,
    properties: { customer: { id }, plan: id === "93" ? "basic" : "rival-plan" },
    context: { page_path: path, page_host: `${id}.example.com`, visitor: `v-${id}-${path}` },
  });
  await app.record(
    view("93", "/a", "2021-03-01T10:00:00Z"),
    view("93", "/b", "2021-03-02T10:00:00Z"),
    view("rival", "/rival", "2021-03-02T11:00:00Z"),
    { collection: "other_collection", properties: { customer: { id: "rival" } } },
  );
  const made = await app.send<{ secret: string }>("POST", "/embed-keys");
  expect(made.status).toBe(201);
  secret = made.body.secret;
});
afterAll(() => app.close());

const tokenOf = (claims: Partial<EmbedTokenOptions> = {}) =>
  embedToken({ secret, customer: "93", filters: [CUSTOMER], ...claims });

async function ask(analysis: string, parameters: object, claims: Partial<EmbedTokenOptions> = {}) {
  const body = { event_collection: "pageviews", ...parameters };
  return app.send<Record<string, unknown>>("POST", `/queries/${analysis}`, { body, key: await tokenOf(claims) });
}

test("a token sees what its forced filters let through, and nothing more by any question", async () => {
  expect((await ask("count", {})).body).toEqual({ result: 2 });
  const paths = await ask("count", { group_by: "$page.path" });
  expect(JSON.stringify(paths.body)).not.toMatch(LEAKS);
  const exists = { property_name: "$page.path", operator: "exists", property_value: true };
  const either = { operator: "or", operands: [exists, { operator: "not", operands: [exists] }] };
  expect((await ask("count", { filters: [either] })).body).toEqual({ result: 2 });
  const labelled = await ask("multi_analysis", { analyses: { all: { analysis_type: "count", filters: [either] } } });
  expect(labelled.body).toEqual({ result: { all: 2 } });
});

test("the window is part of what is forced", async () => {
  const window = { start: "2021-03-02T00:00:00Z", end: "2021-03-03T00:00:00+01:00" };
  expect((await ask("count", {}, { window })).body).toEqual({ result: 1 });
});

test("what the forced filter is about can neither be named nor seen, and a name that nobody has is refused alike", async () => {
  const refusals = await Promise.all(
    ["customer.id", "nobody.has"].map(async (name) => {
      const answer = await ask("count", { group_by: name });
      return [answer.status, String(answer.body["message"]).replace(name, "NAME")];
    }),
  );
  expect(refusals[0]).toEqual(refusals[1]);
  expect(refusals[0]?.[0]).toBe(401);
  for (const parameters of [
    { target_property: "customer.id" },
    { target_property: "$page.path", filters: [CUSTOMER] },
    { target_property: "$page.path", filters: [{ operator: "not", operands: [CUSTOMER] }] },
    { target_property: "$user" },
  ]) {
    expect((await ask("select_unique", parameters)).status, JSON.stringify(parameters)).toBe(401);
  }
  const forcedHost = { filters: [{ property_name: "$page.host", operator: "eq", property_value: "93.example.com" }] };
  expect((await ask("count", { group_by: "$page.host" })).status).toBe(200);
  expect((await ask("count", { group_by: "$page.host" }, forcedHost)).status).toBe(401);
});

/** Visits that hold some other event. */
const did = (event_collection: string, filters: readonly object[] = []) => ({
  property_name: "$visit.id",
  operator: "did",
  property_value: { event_collection, filters },
});

test("only the panels' properties, the named ones and the named collections can be asked about", async () => {
  expect((await ask("count", { group_by: "$device" }, { panels: ["pages"] })).status).toBe(401);
  expect((await ask("count", { group_by: "plan" })).status).toBe(401);
  const own = await ask("count", { group_by: "plan" }, { properties: ["plan"] });
  expect(own.body).toEqual({ result: [{ plan: "basic", result: 2 }] });
  expect((await ask("count", { group_by: "customer.id" }, { properties: ["customer.id"] })).status).toBe(401);
  for (const collection of ["other_collection", "there_is_none"])
    for (const asked of [{ event_collection: collection }, { filters: [did(collection)] }])
      expect((await ask("count", asked)).status).toBe(401);
  const byHidden = did("pageviews", [{ property_name: "customer.id", operator: "eq", property_value: "93" }]);
  expect((await ask("count", { filters: [byHidden] })).status).toBe(401);
  expect((await ask("count", { filters: [did("pageviews")] })).status).toBe(200);
});

test("rows are for tokens that may export, and only of properties that they may name", async () => {
  const rows = { property_names: ["$page.path"] };
  expect((await ask("extraction", rows)).status).toBe(401);
  const operations = ["view", "export"] as const;
  expect((await ask("extraction", {}, { operations })).status).toBe(401);
  expect((await ask("extraction", { property_names: ["customer.id"] }, { operations })).status).toBe(401);
  const csv = await app.app.request(`${app.shop.url}/queries/extraction`, {
    method: "POST",
    headers: { authorization: await tokenOf({ operations }) },
    body: JSON.stringify({ event_collection: "pageviews", content_type: "text/csv", ...rows }),
  });
  expect((await csv.text()).trim().split(/\r?\n/).toSorted()).toEqual(["$page.path", "/a", "/b"]);
  expect((await ask("count", {}, { operations: ["export"] })).status).toBe(401);
});

test("actors, saved queries and the ledger are closed, alone and in a batch", async () => {
  const step = { event_collection: "pageviews", actor_property: "$visitor" };
  const closed = [
    await ask("funnel", { event_collection: undefined, steps: [step, step] }),
    await ask("paths", { step_property: "$page.path", timeframe: "this_14_days" }),
  ];
  expect(closed.map(({ status }) => status)).toEqual([401, 401]);
  const { status, body } = await app.send<{ result: Record<string, { status?: number; result?: unknown }> }>(
    "POST",
    "/queries/batch",
    {
      key: await tokenOf(),
      body: {
        queries: {
          mine: { analysis_type: "count", event_collection: "pageviews" },
          saved: { saved_query_name: "any" },
          ledger: { ledger: {} },
          forced: { analysis_type: "count", event_collection: "pageviews", group_by: "customer.id" },
        },
      },
    },
  );
  expect(status).toBe(200);
  const { mine, ...others } = body.result;
  expect(mine).toEqual({ result: 2 });
  expect(Object.values(others).map((each) => each.status)).toEqual([401, 401, 401]);
  expect(body).not.toHaveProperty("version");
});

test("a batch that one token may ask is not another's for the asking", async () => {
  const key = (claims: Partial<EmbedTokenOptions>) => tokenOf(claims);
  const send = async (claims: Partial<EmbedTokenOptions>) =>
    app.send<{ result: { q: { status?: number } } }>("POST", "/queries/batch", {
      key: await key(claims),
      body: {
        max_age: 60,
        queries: { q: { analysis_type: "count", event_collection: "pageviews", group_by: "$device" } },
      },
    });
  expect((await send({ panels: ["devices"] })).body.result.q.status).toBeUndefined();
  expect((await send({ panels: ["pages"] })).body.result.q.status).toBe(401);
});

test("every route is closed to a token but those that were opened for it", async () => {
  const token = await tokenOf({ operations: ["view", "export"] });
  const open: string[] = [];
  for (const { method, path } of app.routes) {
    const concrete = path.replace(":project", app.shop.id).replaceAll(/:\w+/g, "x");
    const response = await app.app.request(concrete, {
      method,
      headers: { authorization: token },
      ...(method === "GET" || method === "DELETE" ? {} : { body: "{}" }),
    });
    const text = await response.text();
    if (response.status !== 401) open.push(`${method} ${path}`);
    else expect(text).not.toMatch(LEAKS);
    expect([...response.headers.keys()].filter((name) => name.startsWith("ratelimit"))).toEqual([]);
  }
  expect(open.toSorted()).toEqual([
    "GET /",
    "GET /3.0",
    "GET /3.0/projects/:project/embed",
    "GET /3.0/projects/:project/queries/:analysis",
    // Links in mails: whoever has one needs nothing else.
    "GET /3.0/unsubscribe/:token",
    "GET /embed",
    "GET /openapi.json",
    "POST /3.0/projects/:project/queries/:analysis",
    "POST /3.0/projects/:project/queries/batch",
    // Takes a link and its password from the body, and is asked without them here.
    "POST /3.0/projects/:project/share-links/open",
    "POST /3.0/unsubscribe/:token",
    // Takes its token from the form, and is asked without one here.
    "POST /embed",
  ]);
});

test("the description holds what the page needs, and neither the project's name nor what is forced", async () => {
  const accent = "#aa3300";
  const key = await tokenOf({ panels: ["pages"], properties: ["plan"], accent, locale: "de", theme: "dark" });
  const { body } = await app.send("GET", "/embed", { key });
  expect(body).toMatchObject({ timezone: "UTC", panels: ["pages"], operations: ["view"], accent, locale: "de" });
  expect(JSON.stringify(body)).not.toMatch(LEAKS);
});

test("the description is of a token: the project's own keys, and no key at all, are told that it takes one", async () => {
  const said = "This needs an embed token.";
  for (const key of [app.shop.masterKey, app.shop.readKey, app.shop.writeKey, "0".repeat(64), ""]) {
    const { status, body } = await app.send<{ message: string }>("GET", "/embed", { key });
    expect([status, body.message]).toEqual([401, said]);
  }
  const page = await app.app.request("/embed", {
    method: "POST",
    body: new URLSearchParams({ token: app.shop.masterKey }),
  });
  expect([page.status, (await page.text()).includes(said)]).toEqual([401, true]);
});

test("notes are shown where the token says so, those of its window and no more of each than when and what", async () => {
  const note = (at: string, title: string) => ({ title, content: { at, author: "rival" } });
  const path = "/definitions/annotations";
  for (const [name, body] of Object.entries({
    before: note("2021-02-28T23:59", "Before"),
    first: note("2021-03-01", "Version 2 is out"),
    after: note("2021-03-03T00:00", "After"),
    nowhere: { title: "Nowhere", content: {} },
  }))
    expect((await app.send("PUT", `${path}/${name}`, { body })).status).toBe(201);
  const window = { start: "2021-03-01T00:00:00Z", end: "2021-03-03T00:00:00Z" };
  const shown = async (claims: Partial<EmbedTokenOptions>) =>
    (await app.send<{ annotations?: unknown }>("GET", "/embed", { key: await tokenOf(claims) })).body.annotations;
  expect(await shown({ window })).toBeUndefined();
  expect(await shown({ window, annotations: false })).toBeUndefined();
  expect(await shown({ window, annotations: true })).toEqual([{ at: "2021-03-01", text: "Version 2 is out" }]);
  expect(await shown({ annotations: true })).toHaveLength(3);
  // What else people define stays closed, and so does the list itself.
  expect((await app.send("GET", path, { key: await tokenOf({ annotations: true }) })).status).toBe(401);
  for (const name of ["before", "first", "after", "nowhere"]) await app.send("DELETE", `${path}/${name}`);
});

test("nobody reads what a token is filtered by: neither its text nor any part of it, decoded", async () => {
  const token = await tokenOf();
  const decoded = token.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
  expect([token, ...decoded].join("\n")).not.toMatch(LEAKS);
});

describe("claims", () => {
  test.each<[string, object]>([
    ["an unknown claim", { filter: [] }],
    ["no filters", { filters: undefined }],
    ["filters that are none", { filters: [{ property_name: "a" }] }],
    [
      "filters nested deep",
      { filters: [JSON.parse(`${'{"operator":"and","operands":['.repeat(40)}1${"]}".repeat(40)}`)] },
    ],
    ["an unknown panel", { panels: ["ledger"] }],
    ["a panel called __proto__", { panels: ["__proto__"] }],
    ["an unknown operation", { operations: ["read"] }],
    ["a window that is none", { window: { start: "yesterday" } }],
    ["an origin with a path", { origins: ["https://app.example.com/x"] }],
    ["every origin", { origins: ["*"] }],
    ["an origin that ends the header", { origins: ["https://a.example; script-src *"] }],
    ["an accent that is no colour", { accent: "red;}" }],
    ["notes that are neither on nor off", { annotations: "yes" }],
    ["a locale that is none", { locale: "../x" }],
  ])("a token with %s lets see nothing, and says which", async (_name, claims) => {
    const { status, body } = await ask("count", {}, claims);
    expect([400, 401]).toContain(status);
    expect(String(body["message"])).toMatch(/claim|embed token/);
  });

  test.each([
    ["longer than a day", { expiresIn: 86_401 }],
    ["too large", { filters: [{ ...CUSTOMER, property_value: "x".repeat(5_000) }] }],
    ["with another text for a secret", { secret: "0".repeat(64) }],
  ])("the SDK makes no token that is %s", async (_name, claims) => {
    await expect(tokenOf(claims)).rejects.toThrow();
  });
});

test("secrets are listed without what is secret, and made with the master key alone", async () => {
  const { body } = await app.send<object[]>("GET", "/embed-keys");
  expect(body.map((key) => Object.keys(key).toSorted())).toEqual([["created_at", "key_id"]]);
  for (const key of [app.shop.readKey, app.shop.writeKey])
    expect((await app.send("POST", "/embed-keys", { key })).status).toBe(401);
  expect((await app.send("DELETE", "/embed-keys/00000000")).status).toBe(404);
});

test("a token of our own making is one like any other, for a quarter of an hour, and adds no secret", async () => {
  const body = { customer: "93", filters: [CUSTOMER], panels: ["pages"], origins: ["https://app.example.com"] };
  const made = await app.send<{ token: string; expires_at: string }>("POST", "/embed-tokens", { body });
  expect(made.status).toBe(201);
  const { token: key, expires_at: end } = made.body;
  const life = Date.parse(end) - Date.now();
  expect(life / 1000).toBeGreaterThan(890);
  expect(life / 1000).toBeLessThanOrEqual(900);
  const count = { body: { event_collection: "pageviews" }, key };
  expect((await app.send("POST", "/queries/count", count)).body).toEqual({ result: 2 });
  const byDevice = { body: { event_collection: "pageviews", group_by: "$device" }, key };
  expect((await app.send("POST", "/queries/count", byDevice)).status).toBe(401);
  const { body: listed } = await app.send<object[]>("GET", "/embed-keys");
  expect(listed).toHaveLength(1);
  const wrong = await app.send("POST", "/embed-tokens", { body: { ...body, panels: ["ledger"] } });
  expect([wrong.status, wrong.body.error_code]).toEqual([400, "InvalidParameterError"]);
  for (const other of [app.shop.readKey, app.shop.writeKey, key])
    expect((await app.send("POST", "/embed-tokens", { body, key: other })).status).toBe(401);
});

test("a token whose id was revoked is refused", async () => {
  const key = await tokenOf({ id: "revoked-1" });
  expect((await app.send("GET", "/embed", { key })).status).toBe(200);
  expect((await app.send("DELETE", "/embed-tokens/revoked-1")).status).toBe(204);
  const { entries } = await app.access.audit.search({ project: app.shop.id, what: "embed" });
  expect(entries.map(({ what, target }) => [what, target])).toContainEqual(["embed-token.revoke", "revoked-1"]);
  expect((await app.send("GET", "/embed", { key })).status).toBe(401);
});

describe("the page", () => {
  const open = async (body: string) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const response = await app.app.request("/embed", { method: "POST", headers, body });
    return { response, policy: response.headers.get("content-security-policy") ?? "", html: await response.text() };
  };

  test("is for the token's origins, has nothing inline, and is kept by nobody", async () => {
    const origins = ["https://app.example.com", "http://localhost:4000"];
    const { response, policy, html } = await open(`token=${await tokenOf({ origins })}`);
    expect(response.status).toBe(200);
    expect(policy).toContain("frame-ancestors https://app.example.com http://localhost:4000");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(html).not.toMatch(/<style|\son\w+=|style="|<script(?! type="module" src=)/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
    });
    expect(html).not.toMatch(LEAKS);
  });

  test("is shown in no page by a token that names none", async () => {
    expect((await open(`token=${await tokenOf()}`)).policy).toContain("frame-ancestors 'none'");
  });

  test.each([
    ["no token", ""],
    ["a key", "token=KEY"],
    ["another text", "token=%3Cscript%3Ealert(1)%3C/script%3E"],
    ["a body that does not end", `token=${"a".repeat(20_000)}`],
  ])("says in words why there is none: %s", async (_name, body) => {
    const { response, html } = await open(body.replace("KEY", app.shop.readKey));
    expect([400, 401, 413]).toContain(response.status);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(html).toMatch(/<p>.+<\/p>/);
    expect(html).not.toContain("<script");
  });
});

describe("share links", () => {
  const make = (body: object, key = app.shop.masterKey) =>
    app.send<{ id: string; key: string; path: string; message: string }>("POST", "/share-links", { body, key });
  const countBy = (key: string, property: string) =>
    app.send<{ result: unknown }>("POST", "/queries/count", {
      key,
      body: { event_collection: "pageviews", group_by: property },
    });

  test("a link shows its panels under its filters, and nothing beyond", async () => {
    const { status, body } = await make({ name: "Board", filters: [CUSTOMER], panels: ["pages"] });
    expect(status).toBe(201);
    expect(body.path).toBe(`/embed#${body.key}`);
    const { body: german } = await make({ name: "Vorstand", locale: "de-AT" });
    expect(german.path).toBe(`/embed?lang=de-AT#${german.key}`);
    expect(JSON.stringify((await countBy(body.key, "$page.path")).body)).toMatch(/"\/a".*"\/b"/);
    for (const property of ["$device", "customer.id"]) expect((await countBy(body.key, property)).status).toBe(401);
    expect((await app.send("GET", "", { key: body.key })).status).toBe(401);
    expect((await app.send("POST", "/share-links", { key: body.key, body: { name: "More" } })).status).toBe(401);
  });

  test("links are listed without what opens them, and are over when they are revoked or have ended", async () => {
    const { body } = await make({ name: "Press" });
    const soon = await make({ name: "Soon", expires_in_days: 1e-9 });
    const { body: list } = await app.send<{ id: string }[]>("GET", "/share-links");
    expect(list.map(({ id }) => id)).toContain(body.id);
    expect(JSON.stringify(list)).not.toContain(body.key);
    expect((await countBy(body.key, "$page.path")).status).toBe(200);
    expect((await app.send("DELETE", `/share-links/${body.id}`)).status).toBe(204);
    expect((await countBy(body.key, "$page.path")).status).toBe(401);
    expect((await countBy(soon.body.key, "$page.path")).status).toBe(401);
    const { entries } = await app.access.audit.search({ project: app.shop.id, what: "share-link" });
    expect(entries.map(({ what }) => what)).toContain("share-link.revoke");
  });

  test("only the master key makes and ends them, and only whole ones", async () => {
    for (const key of [app.shop.readKey, app.shop.writeKey]) expect((await make({ name: "x" }, key)).status).toBe(401);
    for (const wrong of [
      {},
      { name: "x", origins: [] },
      { name: "x", panel: ["pages"] },
      { name: "x", expires_in_days: 1000 },
    ])
      expect((await make(wrong)).status, JSON.stringify(wrong)).toBeGreaterThanOrEqual(400);
    expect((await app.send("DELETE", "/share-links/none")).status).toBe(404);
    const made_up = `share-${app.shop.id}${"0".repeat(48)}`;
    expect((await countBy(made_up, "$page.path")).status).toBe(401);
  });

  describe("with a password", () => {
    const PASSWORD = "correct horse battery";
    const open = (link: string, password: string, url = app.shop.url) =>
      app.send<{ key: string; expires_at: string; message: string }>("POST", "/share-links/open", {
        body: { link, password },
        key: "",
        url,
      });

    test("a link lets see nothing, and says that it has one; with the password it shows what it shows, until the pass ends", async () => {
      const { body: link } = await make({ name: "Board", filters: [CUSTOMER], panels: ["pages"], password: PASSWORD });
      const locked = await app.send("GET", "/embed", { key: link.key });
      expect([locked.status, locked.body.error_code]).toEqual([401, "PasswordRequired"]);
      expect((await countBy(link.key, "$page.path")).status).toBe(401);
      const { status, body } = await open(link.key, PASSWORD);
      expect(status).toBe(200);
      expect(JSON.stringify((await countBy(body.key, "$page.path")).body)).toMatch(/"\/a".*"\/b"/);
      expect((await countBy(body.key, "customer.id")).status).toBe(401);
      const described = await app.send<{ expires_at: string }>("GET", "/embed", { key: body.key });
      expect(described.body.expires_at).toBe(body.expires_at);
      expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000);
      const [share, until = "", proof] = body.key.split(".");
      const later = `${share}.${(Number.parseInt(until, 36) + 1_000).toString(36)}.${proof}`;
      expect((await countBy(later, "$page.path")).body).toMatchObject({ error_code: "PasswordRequired" });
      expect((await app.send("DELETE", `/share-links/${link.id}`)).status).toBe(204);
      expect((await countBy(body.key, "$page.path")).status).toBe(401);
    });

    test("a pass for one link opens no other", async () => {
      const [one, other] = await Promise.all(
        ["One", "Other"].map(async (name) => (await make({ name, password: PASSWORD })).body.key),
      );
      const { body } = await open(one ?? "", PASSWORD);
      const mixed = body.key.replace(one ?? "", other ?? "");
      expect((await countBy(mixed, "$page.path")).body).toMatchObject({ error_code: "PasswordRequired" });
    });

    test("a wrong password, a link that is none, one without a password and one of elsewhere are refused in the same words", async () => {
      const { body: link } = await make({ name: "Secret", password: PASSWORD });
      const { body: free } = await make({ name: "Free" });
      const elsewhere = await app.createProject("Elsewhere");
      const refusals = await Promise.all([
        open(link.key, "another long one"),
        open(`share-${app.shop.id}${"0".repeat(48)}`, PASSWORD),
        open(free.key, PASSWORD),
        open(link.key, PASSWORD, elsewhere.url),
        open(link.key, PASSWORD, `/3.0/projects/${"0".repeat(24)}`),
      ]);
      const said = refusals.map(({ status, body }) => [status, body.message]);
      expect(new Set(said.map(String)).size).toBe(1);
      expect(said[0]?.[0]).toBe(401);
    });

    test("of many tries at one link ten are made", async () => {
      const { body: link } = await make({ name: "Tried", password: PASSWORD });
      const tries = await Promise.all(Array.from({ length: 14 }, () => open(link.key, "not the password")));
      const refused = (status: number) => tries.filter((each) => each.status === status).length;
      expect([refused(401), refused(429)]).toEqual([10, 4]);
      expect((await open(link.key, PASSWORD)).status).toBe(429);
    });

    test("it is shown nowhere, not even hashed, and a short one is refused", async () => {
      const { body: link } = await make({ name: "Kept", password: PASSWORD });
      const { body: list } = await app.send<{ id: string; has_password: boolean }[]>("GET", "/share-links");
      expect(list.find(({ id }) => id === link.id)?.has_password).toBe(true);
      const { entries } = await app.access.audit.search({ project: app.shop.id });
      expect(JSON.stringify([link, list, entries])).not.toMatch(/scrypt|seal|correct horse/);
      expect((await make({ name: "Short", password: "12345678901" })).body.message).toContain("12 to 1000");
    });
  });

  test("its page holds nothing, is in no frame and in no search engine", async () => {
    const response = await app.app.request("/embed");
    expect(response.headers.get("x-robots-tag")).toBe("noindex");
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await response.text()).not.toContain("millrace-embed");
  });
});
