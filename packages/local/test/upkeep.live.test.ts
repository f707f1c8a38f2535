import {
  createDeletions,
  createProjects,
  createSqliteRegistry,
  createTombstones,
  systemRandom,
} from "@millrace/access";
import { storedEvent, newProject } from "@millrace/core/contract";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { afterAll, expect, test } from "vitest";
import { keepStore } from "../src/upkeep.ts";

const node = process.env["OPENSEARCH_URL"];
if (!node) throw new Error("OPENSEARCH_URL is not set. `npm test` starts a server.");
const prefix = `upkeep-${Date.now().toString(36)}`;
let now = Date.UTC(2026, 2, 10);
const clock = { now: () => now };
const registry = createSqliteRegistry({ path: ":memory:", clock });
const store = createOpenSearchStore({ connection: { node }, registry, clock, prefix });

afterAll(async () => {
  const indexes = ["events", "exceptions"].map((name) => `${prefix}-${name}*`).join(",");
  const listed = await fetch(`${node}/_cat/indices/${indexes}?h=index`);
  await fetch(`${node}/${(await listed.text()).split("\n").filter(Boolean).join(",")}`, { method: "DELETE" });
  await fetch(`${node}/_index_template/${prefix}-*`, { method: "DELETE" });
  await store.close();
  await registry.close();
});

test("a server that runs for half a year makes each month while it is ahead: none of its events lands in 'other'", async () => {
  const random = systemRandom;
  const tombstones = createTombstones({ registry, clock, random });
  const parts = {
    projects: createProjects({ registry, clock, random, onChange: () => undefined }),
    deletions: createDeletions({ tombstones, store, clock, wait: async () => undefined }),
    clock,
    store,
  };
  await keepStore(parts);
  for (let month = 3; month < 9; month++) {
    now = Date.UTC(2026, month, 10);
    await keepStore(parts);
    expect(await store.append([storedEvent({ project: newProject(), timestamp: now })])).toEqual([{ kind: "stored" }]);
  }
  await store.refresh();
  const { partitions, problems } = await store.health();
  expect(problems).toEqual([]);
  expect(partitions.find(({ index }) => index.includes("-other-"))?.events).toBe(0);
}, 240_000);
