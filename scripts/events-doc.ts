// Writes docs/events.md from the table of standard fields, so that there is one truth. `--check` fails when it is out of date.
import { STANDARD_FIELDS } from "@millrace/core";
import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";

const FILE = "docs/events.md";
const KINDS = {
  string: "text",
  number: "number",
  boolean: "true/false",
  datetime: "time",
  strings: "list of text",
} as const;

const INTRO = `# What every event has

An event is a JSON object of your own properties in a collection. Millrace adds the standard fields below. Their names start with
\`$\` or \`keen.\`, which yours cannot, so the two never meet. Use them like any property: in filters, \`group_by\`,
\`target_property\` and extractions. A field that is not known for an event is missing on it.

This page is written by \`scripts/events-doc.ts\` from [packages/core/src/event/fields.ts](../packages/core/src/event/fields.ts).

`;

const OUTRO = `
## What is not kept

The visitor's full address is never queued, stored or logged: it is cut to its network (IPv4 /24, IPv6 /48) before the queue, and
only country, region and city are stored. The user agent is stored as browser, system and device. Of a page's query parameters
only an allow-list is stored (\`utm_*\`, \`ref\`, \`gclid\` and the like). Visitor ids are made with a salt that is thrown away
after two days, so a visitor cannot be followed from day to day unless your page calls \`identify()\`; unique visitors over
several days are therefore visitor-days, and answers say so.
`;

const rows = STANDARD_FIELDS.map(({ name, kind, doc }) => `| \`${name}\` | ${KINDS[kind]} | ${doc} |`);
const text = `${INTRO}| field | kind | meaning |\n|---|---|---|\n${rows.join("\n")}\n${OUTRO}`;
const pretty = await format(text, { parser: "markdown", printWidth: 120 });

if (process.argv.includes("--check")) {
  if ((await readFile(FILE, "utf8").catch(() => "")) !== pretty) {
    console.error(`${FILE} is out of date. Run: node scripts/node24.mjs scripts/events-doc.ts`);
    process.exit(1);
  }
} else {
  await writeFile(FILE, pretty);
}
