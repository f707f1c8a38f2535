import type { JsonObject } from "@millrace/core";
import { extractionPlan, message, newProject } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { openSearchUrl, openStage } from "./support.ts";

const SEPTEMBER = Date.UTC(2026, 8, 2);
const NOON = Date.UTC(2026, 2, 10, 12);

async function setUp() {
  const stage = openStage(SEPTEMBER);
  const store = stage.open();
  await store.prepare();
  const project = newProject();
  const of = (property: string) => ({ project, collection: "visits", property, receivedBefore: NOON + 1 });
  const extracted = async (): Promise<readonly JsonObject[]> => {
    await store.refresh();
    return (await store.extract(extractionPlan(project))).events.map(({ properties }) => properties);
  };
  return { ...stage, store, project, of, extracted };
}

const many = (count: number, properties: (n: number) => JsonObject) =>
  Array.from({ length: count }, (_, n) => properties(n));

test("a property of many pages of events goes from all partitions; past its deadline nothing is begun, and the rest goes later", async () => {
  const { store, open, project, of, extracted, clock } = await setUp();
  await store.append(message(project, ...many(450, (n) => ({ n, a: n % 3 ? "x" : { b: n } }))));
  expect(await store.deleteProperty(of("a"), { deadline: clock.now() })).toEqual({
    events: 0,
    rejected: 0,
    complete: false,
  });
  expect(await open().deleteProperty(of("a"))).toEqual({ events: 450, rejected: 0, complete: true });
  expect((await extracted()).every((properties) => Object.keys(properties).join() === "n")).toBe(true);
});

test("an object of more names than one query may ask for goes like any other", async () => {
  const { store, project, of, extracted } = await setUp();
  const names = Object.fromEntries(many(1_100, (n) => ({ n })).map((_, n) => [`name ${n}`, n]));
  await store.append(message(project, { a: names }, { n: 1 }));
  expect(await store.deleteProperty(of("a"))).toMatchObject({ events: 1, complete: true });
  expect(await extracted()).toEqual([{}, { n: 1 }]);
});

test("where nothing can be written it says so, and can be done later", async () => {
  const { store, prefix, project, of, extracted } = await setUp();
  await store.append(message(project, { n: 1, a: 1 }));
  const block = (value: boolean | null) =>
    fetch(`${openSearchUrl()}/${prefix}-events-*/_settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ "index.blocks.write": value }),
    });
  await block(true);
  await expect(store.deleteProperty(of("a"))).rejects.toMatchObject({ code: "ServiceUnavailable" });
  await block(null);
  expect(await store.deleteProperty(of("a"))).toMatchObject({ events: 1 });
  expect(await extracted()).toEqual([{ n: 1 }]);
});
