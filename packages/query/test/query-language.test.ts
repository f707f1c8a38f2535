import { STANDARD_FIELDS, type Context, type Json, type JsonObject } from "@millrace/core";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp, type TestEvent } from "./setup.ts";

/** Wednesday, noon: what "now" is in the document. */
const NOW = Date.UTC(2026, 2, 11, 12);
const DOCUMENT = join(import.meta.dirname, "../../../docs/query-language.md");
/** `MILLRACE_WRITE=1` writes the real answers into the document, for a person to read and for prettier to lay out. */
const WRITE = process.env["MILLRACE_WRITE"] === "1";

/**
 * A fenced block of the document. What stands behind the language says what it is:
 * - `json events`: what is recorded before anything is asked, by collection;
 * - `json ask=count`: the body of `POST …/queries/count`; `ask=batch` and every other route under `queries` likewise;
 * - `json answer`, `csv answer`: the whole of what the question before it is answered. A member that is "…" may be anything.
 */
interface Block {
  readonly heading: string;
  readonly language: string;
  readonly role: string;
  readonly text: string;
  /** Where its text begins in the document. */
  readonly at: number;
}

function blocksOf(document: string): Block[] {
  const headings = [...document.matchAll(/^#+ (.*)$/gm)];
  return [...document.matchAll(/^```(\w+) (events|answer|ask=\S+)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [whole, language = "", role = "", text = ""] = match;
    const heading = headings.findLast(({ index }) => index < match.index)?.[1] ?? "";
    return { heading, language, role, text, at: match.index + whole.indexOf("\n") + 1 };
  });
}

const document = await readFile(DOCUMENT, "utf8");
const blocks = blocksOf(document);
const questions = blocks.flatMap((block, i) => {
  if (!block.role.startsWith("ask=")) return [];
  const answer = blocks[i + 1];
  return [{ title: `${block.heading}: ${block.text.replaceAll(/\s+/g, " ").slice(0, 100)}`, ask: block, answer }];
});

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp((deps) => ({ ...deps, clock: { now: () => NOW } }));
  for (const { text } of blocks.filter(({ role }) => role === "events")) {
    const collections = JSON.parse(text) as Record<string, JsonObject[]>;
    const events = Object.entries(collections).flatMap(([collection, list]) =>
      list.map((event) => eventOf(collection, event)),
    );
    await t.record(...events);
  }
});
afterAll(() => t.close());

const COLUMNS = new Map<string, string>(STANDARD_FIELDS.map(({ name, column }) => [name, column]));

/** An event as the document shows it: its own properties, with `keen.timestamp` and the standard fields by name. */
function eventOf(collection: string, shown: JsonObject): TestEvent {
  const { "keen.timestamp": at, ...rest } = shown;
  const context = Object.entries(rest).flatMap(([name, value]) =>
    COLUMNS.has(name)
      ? [[COLUMNS.get(name), name === "$visit.start" ? Date.parse(String(value as string)) : value]]
      : [],
  );
  const properties = Object.entries(rest).filter(([name]) => !COLUMNS.has(name));
  return {
    collection,
    at: at as string,
    context: Object.fromEntries(context) as Context,
    properties: Object.fromEntries(properties),
  };
}

/** The real answer, as text of the block's language. */
async function answerTo({ role, text }: Block): Promise<string> {
  const response = await t.app.request(`${t.shop.url}/queries/${role.slice("ask=".length)}`, {
    method: "POST",
    headers: { Authorization: t.shop.readKey },
    body: text,
  });
  return response.text();
}

/** What is expected, with `…` in place of whatever it may be. */
function expected(shown: Json): unknown {
  if (shown === "…") return expect.anything();
  if (Array.isArray(shown)) return shown.map(expected);
  if (typeof shown !== "object" || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, expected(value)]));
}

describe("every example of docs/query-language.md is what the product answers", () => {
  test("nothing in it is an example that is not asked", () => {
    const fences = [...document.matchAll(/^```(.*)\n[\s\S]*?^```$/gm)].map(([, info = ""]) => info);
    // Commands of a shell are no questions; whatever else is shown must say what it is.
    expect(fences.filter((info) => info !== "sh" && !/^\w+ (events|answer|ask=\S+)$/.test(info))).toEqual([]);
  });

  test("there are examples, and each has its answer", () => {
    expect(questions.length).toBeGreaterThan(20);
    expect(questions.filter(({ answer }) => answer?.role !== "answer").map(({ title }) => title)).toEqual([]);
  });

  if (WRITE) {
    test("written", async () => {
      let text = document;
      for (const { ask, answer } of questions.toReversed()) {
        if (!answer || answer.text.includes("…")) continue;
        const real = (await answerTo(ask)).replaceAll("\r\n", "\n");
        const ended = real.endsWith("\n") ? real : `${real}\n`;
        text = text.slice(0, answer.at) + ended + text.slice(answer.at + answer.text.length);
      }
      await writeFile(DOCUMENT, text);
    });
  } else {
    test.each(questions)("$title", async ({ ask, answer }) => {
      const real = await answerTo(ask);
      if (answer?.language === "csv") expect(real.replaceAll("\r\n", "\n")).toBe(answer.text);
      else expect(JSON.parse(real)).toEqual(expected(JSON.parse(answer?.text ?? "null") as Json));
    });
  }
});
