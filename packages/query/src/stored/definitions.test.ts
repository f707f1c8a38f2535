import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

const BOARD = { title: "Morning", content: { tiles: [{ title: "Views", page: "explore", address: "?range=7d" }] } };
const put = (path: string, body: object) => t.send("PUT", `/definitions/${path}`, { body });
const get = (path: string, key = t.shop.readKey) => t.send("GET", `/definitions/${path}`, { key });

test("a board is made, read with the read key, changed as it was read, and gone", async () => {
  const made = await put("boards/morning", BOARD);
  expect(made).toMatchObject({ status: 201, body: { name: "morning", ...BOARD, version: 1 } });
  expect(await get("boards/morning")).toEqual({ status: 200, body: made.body });
  const changed = await put("boards/morning", { ...BOARD, title: "Evening", version: 1 });
  expect(changed).toMatchObject({ status: 200, body: { title: "Evening", version: 2 } });
  // Somebody who has read the first version does not undo what came between.
  expect(await put("boards/morning", { ...BOARD, version: 1 })).toMatchObject({
    status: 400,
    body: { message: "version: it was changed meanwhile. Read it again, then change it." },
  });
  expect(await put("boards/new", { ...BOARD, version: 0 })).toMatchObject({ status: 201 });
  expect(await get("boards")).toMatchObject({ body: [{ name: "morning", title: "Evening" }, { name: "new" }] });
  expect(await get("boards?limit=1&after_name=morning")).toMatchObject({ body: [{ name: "new" }] });
  expect(await t.send("DELETE", "/definitions/boards/new", {})).toMatchObject({ status: 204 });
  expect(await get("boards/new")).toMatchObject({ status: 404 });
});

test("kinds, projects and names do not meet", async () => {
  await put("goals/morning", { title: "A goal", content: {} });
  expect(await get("goals")).toMatchObject({ body: [{ title: "A goal" }] });
  expect(await get("segments")).toEqual({ status: 200, body: [] });
  const note = { title: "Version 2 is out", content: { at: "2026-05-18T14:00" } };
  expect(await put("annotations/v2", note)).toMatchObject({ status: 201, body: note });
  expect(await get("annotations")).toMatchObject({ body: [{ name: "v2", ...note }] });
  expect(await get("pets")).toMatchObject({ status: 404 });
  const acme = await t.createProject("Acme");
  const there = await t.send("GET", "/definitions/goals", { url: acme.url, key: acme.readKey });
  expect(there).toEqual({ status: 200, body: [] });
});

test("what is wrong is named, and only who may define changes anything", async () => {
  expect(await put("boards/a b", BOARD)).toMatchObject({ status: 400 });
  expect(await put("boards/a", { content: {} })).toMatchObject({
    status: 400,
    body: { error_code: "MissingParameterError" },
  });
  expect(await put("boards/a", { ...BOARD, tiles: [] })).toMatchObject({ status: 400 });
  expect(await put("boards/a", { ...BOARD, content: { x: "x".repeat(50_001) } })).toMatchObject({ status: 413 });
  const reader = { key: t.shop.readKey, body: BOARD };
  expect(await t.send("PUT", "/definitions/boards/a", reader)).toMatchObject({ status: 401 });
  expect(await t.send("DELETE", "/definitions/goals/morning", { key: t.shop.readKey })).toMatchObject({ status: 401 });
});

test("a key with a forced filter reads none: their titles may name what it must not see", async () => {
  const filters = [{ property_name: "country", operator: "eq", property_value: "PL" }];
  const asked = { name: "customer", permitted: ["queries"], options: { queries: { filters } } };
  const { body } = await t.send<{ key: string }>("POST", "/keys", { body: asked });
  expect(await get("boards", body.key)).toMatchObject({ status: 401 });
  expect(await get("boards/morning", body.key)).toMatchObject({ status: 401 });
});
