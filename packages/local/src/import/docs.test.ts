import { isObject, type Json, type JsonObject } from "@millrace/core";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FORMAT_NAMES, formatNamed } from "./access-log/detect.ts";
import { dryRun } from "./dry-run.ts";
import { PRESETS } from "./json/presets.ts";
import { kindOf, openSource, type SourceOptions } from "./open-source.ts";

const DOCUMENT = join(import.meta.dirname, "../../../../docs/import.md");
/** `MILLRACE_WRITE=1` writes the real answers into the document, for a person to read and for prettier to lay out. */
const WRITE = process.env["MILLRACE_WRITE"] === "1";

const folder = mkdtempSync(join(tmpdir(), "millrace-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * An example of the document: a fence `import=KIND option=value…` with what is in the file, and one with the events that a dry run
 * shows, each under the name of its collection. A member that is "…" may be anything. Of access logs `format` is what the file must
 * be found to be; it is not told to the importer.
 */
interface Example {
  readonly title: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, string>>;
  readonly content: string;
  readonly answer: string;
  /** Where the answer begins in the document. */
  readonly at: number;
}

const document = readFileSync(DOCUMENT, "utf8");
const EXAMPLE = /^```\w+ import=(\w+) ?(.*)\n([\s\S]*?)^```\n\n```json answer\n([\s\S]*?)^```$/gm;
const examples = [...document.matchAll(EXAMPLE)].map((match): Example => {
  const [whole, kind = "", words = "", content = "", answer = ""] = match;
  const options = Object.fromEntries(
    words.split(" ").flatMap((word) => (word === "" ? [] : [word.split(/=(.*)/s, 2)])),
  );
  const at = match.index + whole.length - "```".length - answer.length;
  return { title: `${kind} ${words}`, kind, options: options as Example["options"], content, answer, at };
});

/** What a dry run prints of the events, read back: `FILE, line 1, would be an event of pageviews:` and the event. */
async function answerTo({ kind, options, content }: Example): Promise<JsonObject[]> {
  const path = join(folder, "file");
  writeFileSync(path, content);
  const { format, ...others } = options as SourceOptions;
  const notes: string[] = [];
  const source = await openSource(kindOf(kind, others), [{ path, stream: kind }], others, (note) => notes.push(note));
  if (format !== undefined) expect(notes).toEqual([`${path}: ${formatNamed(format).title}`]);
  const printed: string[] = [];
  const { bad } = await dryRun(source, (line) => printed.push(line));
  expect(bad, printed.join("\n")).toBe(0);
  return printed.flatMap((line, index) => {
    const [, collection] = /would be an event of (.*):$/.exec(line) ?? [];
    return collection === undefined ? [] : [{ [collection]: JSON.parse(printed[index + 1] ?? "") as Json }];
  });
}

/** What is expected, with "…" in place of whatever it may be. */
function expected(shown: Json): unknown {
  if (shown === "…") return expect.anything();
  if (Array.isArray(shown)) return shown.map(expected);
  if (!isObject(shown)) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, expected(value)]));
}

/** Ids are long, and no two readers' are the same. */
function readable(event: Json): Json {
  if (!isObject(event)) return event;
  const { keen: _, $context, ...own } = event;
  const context = isObject($context)
    ? Object.fromEntries(Object.entries($context).map(([name, value]) => [name, name === "visit_id" ? "…" : value]))
    : undefined;
  return { ...own, ...(context && { $context: context }), keen: "…" };
}

describe("every example of docs/import.md is what the importer makes of it", () => {
  test("there is one of every format and of every preset", () => {
    const formats = new Set(FORMAT_NAMES.map((name) => formatNamed(name).name));
    expect(new Set(examples.flatMap(({ options: { format = [] } }) => format))).toEqual(formats);
    expect(new Set(examples.flatMap(({ options: { preset = [] } }) => preset))).toEqual(new Set(Object.keys(PRESETS)));
  });

  test("nothing is shown that is not run", () => {
    const fences = [...document.matchAll(/^```(.*)\n[\s\S]*?^```$/gm)].map(([, info = ""]) => info);
    expect(fences.filter((info) => info !== "sh")).toHaveLength(2 * examples.length);
  });

  if (WRITE) {
    test("written", async () => {
      let text = document;
      for (const example of examples.toReversed()) {
        const events = (await answerTo(example)).map((event) =>
          Object.fromEntries(Object.entries(event).map(([collection, inner]) => [collection, readable(inner)])),
        );
        const { at, answer } = example;
        text = `${text.slice(0, at)}${JSON.stringify(events)}\n${text.slice(at + answer.length)}`;
      }
      writeFileSync(DOCUMENT, text);
    });
  } else {
    test.each(examples)("$title", async (example) => {
      expect(await answerTo(example)).toEqual(expected(JSON.parse(example.answer) as Json));
    });
  }
});
