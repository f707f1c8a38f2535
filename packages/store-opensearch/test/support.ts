import { createSqliteRegistry } from "@millrace/access";
import { randomBytes } from "node:crypto";
import { afterEach } from "vitest";
import { createOpenSearchStore, type OpenSearchStore, type OpenSearchStoreOptions } from "../src/index.ts";

/** The shared server of a test run. @throws Error saying how to get one */
export function openSearchUrl(): string {
  const url = process.env["OPENSEARCH_URL"];
  if (!url)
    throw new Error("OPENSEARCH_URL is not set. `npm test` starts a server; or: npm run opensearch, and set it.");
  return url;
}

/**
 * When test stores think it is, whatever the day: September to November 2026 have partitions of their own, everything else is in
 * `other`, so that the suites' events always lie in several indexes.
 */
export const CLOCK = { now: () => Date.UTC(2026, 8, 2) };

/** A store of its own on a server: its index names begin with a prefix that nobody else has. */
export function testStore(
  options: Partial<OpenSearchStoreOptions> = {},
): OpenSearchStore & { readonly prefix: string; readonly node: string; remove(): Promise<void> } {
  const prefix = options.prefix ?? `test-${randomBytes(5).toString("hex")}`;
  const clock = options.clock ?? CLOCK;
  const node = (options.connection?.node as string | undefined) ?? openSearchUrl();
  const store = createOpenSearchStore({
    connection: { node },
    registry: createSqliteRegistry({ path: ":memory:", clock }),
    clock,
    refreshInterval: "-1",
    ...options,
    prefix,
  });
  return { ...store, prefix, node, remove: () => removeIndexes(node, prefix) };
}

/**
 * Stores of one prefix and one registry, whose clock can be moved: each `open` is another process of the same stage. All are closed,
 * and what they made is removed, after the test.
 * @param from where the clock stands first
 */
export function openStage(from: number) {
  let now = from;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const prefix = `test-${randomBytes(5).toString("hex")}`;
  const open = (options: Partial<OpenSearchStoreOptions> = {}) => {
    const store = testStore({ registry, clock, prefix, ...options });
    opened.push(store);
    return store;
  };
  return { open, prefix, clock, registry, moveTo: (time: number) => (now = time) };
}

const opened: { close(): Promise<void>; remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) {
    await store.remove();
    await store.close();
  }
});

/** Deletes everything a test has made on the server. */
async function removeIndexes(node: string, prefix: string): Promise<void> {
  const listed = await fetch(`${node}/_cat/indices/${prefix}-*?h=index`);
  const indexes = (await listed.text()).split("\n").filter(Boolean);
  if (indexes.length > 0) await fetch(`${node}/${indexes.join(",")}`, { method: "DELETE" });
  await fetch(`${node}/_index_template/${prefix}-*`, { method: "DELETE" });
}
