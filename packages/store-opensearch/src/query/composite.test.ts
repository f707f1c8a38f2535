import { storedEvent, NOON } from "@millrace/core/contract";
import { describe, expect, test } from "vitest";
import { searcherOver } from "../../test/engine/searcher.ts";
import { compositePages, whole, type CompositeQuestion, type Row } from "./composite.ts";
import { keySources, valueSources } from "./compile.ts";
import { keyKinds } from "./compile-key.ts";

const kinds = keyKinds({ string: "p_s.who" });
const question = (rows: number, more: Partial<CompositeQuestion> = {}): CompositeQuestion => ({
  query: { match_all: {} },
  keys: { sources: valueSources("a", kinds), filters: [], bucket: () => 0 },
  inline: {},
  bucketsPerRow: 65_000 / rows,
  ...more,
});

/** Names in order, with one event each unless more are asked for. */
const named = (count: number, eventsOf: (i: number) => number = () => 1) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: eventsOf(i) }, () =>
      storedEvent({ project: "p", timestamp: NOON, properties: { who: `n${String(i).padStart(5, "0")}` } }),
    ),
  ).flat();

async function pagesOf(events: ReturnType<typeof named>, asked: CompositeQuestion, snapshot = true) {
  const { searcher, asked: requests } = searcherOver(events);
  const pages: Row[][] = [];
  for await (const page of compositePages(searcher, asked, { snapshot })) pages.push(page);
  return { pages, names: pages.flat().map(({ key }) => key["a_0"]), requests };
}

describe("pages", () => {
  test.each([
    [0, [0]],
    [1, [1]],
    [2, [2, 0]],
    [5, [2, 2, 1]],
  ])("%i rows, two a page: every row once, in order", async (count, sizes) => {
    const { pages, names, requests } = await pagesOf(named(count), question(2));
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(names).toEqual([...new Set(named(count).map(({ properties }) => properties["who"]))]);
    expect(requests.every(({ snapshot, body }) => snapshot && body.size === 0 && body.track_total_hits === false)).toBe(
      true,
    );
  });

  test("what is asked of each row stands in it; nothing is not asked for", async () => {
    const events = named(3, (i) => i + 1);
    const { pages } = await pagesOf(events, question(10, { inline: { at: { max: { field: "timestamp" } } } }));
    expect(pages.flat().map(({ doc_count, at }) => [doc_count, at])).toEqual(
      [1, 2, 3].map((n) => [n, { value: NOON }]),
    );
    const { requests } = await pagesOf(events, question(10));
    expect(JSON.stringify(requests[0]?.body.aggs)).not.toContain('"aggs"');
  });

  test("the conditions of the keys hold beside that of the question", async () => {
    const keys = { ...question(10).keys, filters: [{ term: { "p_s.who": "n00001" } }] };
    expect((await pagesOf(named(3), question(10, { keys }))).names).toEqual(["n00001"]);
    const { names } = await pagesOf(named(3), question(10, { keys, query: { term: { "p_s.who": "n00002" } } }));
    expect(names).toEqual([]);
  });
});

describe("without a snapshot there is one page or none", () => {
  test("one page is of the newest state", async () => {
    const { pages, requests } = await pagesOf(named(1), question(2), false);
    expect(pages).toHaveLength(1);
    expect(requests.map(({ snapshot }) => snapshot)).toEqual([false]);
  });

  test("where there may be more, all of it is asked again, of one snapshot", async () => {
    const tried: boolean[] = [];
    const found = await whole(async (snapshot) => {
      tried.push(snapshot);
      return (await pagesOf(named(5), question(2), snapshot)).names;
    });
    expect(found).toHaveLength(5);
    expect(tried).toEqual([false, true]);
  });

  test("any other failure is the answer's", async () => {
    const tried: boolean[] = [];
    const failing = whole(async (snapshot) => {
      tried.push(snapshot);
      throw new Error("The server is gone.");
    });
    await expect(failing).rejects.toThrow("The server is gone.");
    expect(tried).toEqual([false]);
  });
});

describe("large pages in the order of a text are asked for part by part", () => {
  const lead = { name: "a_0", field: "p_s.who" };
  const parts = (requests: Awaited<ReturnType<typeof pagesOf>>["requests"]) =>
    requests.filter(({ body }) => JSON.stringify(body.query).includes('"range"')).length;

  test.each([
    ["evenly spread", 4_500, () => 1],
    ["with much in few", 3_200, (i: number) => (i % 700 === 0 ? 400 : 1)],
  ])("%s: every row once, in order, and fewer parts than twice the pages", async (_, count, eventsOf) => {
    const events = named(count, eventsOf);
    const { names, requests } = await pagesOf(events, question(1_000, { lead }));
    expect(names).toHaveLength(count);
    expect(names).toEqual([...new Set(events.map(({ properties }) => properties["who"]))]);
    expect(parts(requests)).toBeGreaterThan(2);
    expect(parts(requests)).toBeLessThan((2 * count) / 1_000 + 2);
    expect(requests.filter(({ body }) => body.docvalue_fields)).toHaveLength(1);
  });

  test("where the second page is the last, nobody looks where events lie", async () => {
    const { names, requests } = await pagesOf(named(1_500), question(1_000, { lead }));
    expect(names).toHaveLength(1_500);
    expect(requests).toHaveLength(2);
  });

  test("a text with more rows than a page is read page by page", async () => {
    const events = Array.from({ length: 3_500 }, (_, i) =>
      storedEvent({
        project: "p",
        timestamp: NOON + i,
        properties: { who: i < 200 ? `a${i}` : i < 3_300 ? "b" : `c${i}` },
      }),
    );
    const sources = [...valueSources("a", kinds), ...keySources("t", keyKinds({ instant: "timestamp" }))];
    const { names } = await pagesOf(events, question(1_000, { lead, keys: { ...question(1).keys, sources } }));
    expect(names).toHaveLength(3_500);
    expect(names.filter((name) => name === "b")).toHaveLength(3_100);
  });

  test("small pages are not worth a look", async () => {
    const { names, requests } = await pagesOf(named(1_700), question(999, { lead }));
    expect(names).toHaveLength(1_700);
    expect(parts(requests)).toBe(0);
  });
});
