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
## Sending again

An answer can be lost after the event was queued. Whoever sends again then must say that it is the same event, or it is stored twice.
The tracker, the JavaScript client (\`packages/client\`) and the [server SDK](server-sdk.md) do; everybody else has three ways, all with a write key:

- **\`Idempotency-Key\`**, a header of a recording POST, single or bulk: 1 to 128 visible ASCII characters. The ids of the request's
  events are made of project, key, collection and place in the collection's list, so the same request again, today or in a year, is stored once. Make the
  key a UUIDv7: an id must begin with a time that no repeat changes. Any other key does where every event has its own
  \`keen.timestamp\` or \`keen.event_id\`; an event without is refused.
- **\`keen.event_id\`** in an event: 12 hex digits of milliseconds, then 8 to 116 of \`A-Z a-z 0-9 . _ -\`. It becomes the event's
  \`keen.id\`. (\`keen.id\` itself counts with the master key only, since Keen's clients send back what they read.)
- **\`keen.uniqueness_token\`**, Keen's: 1 to 64 characters, forgotten after 31 days.

A key stands for one request. Under one key, other events in the places of those that are stored are taken for repeats and not
stored, unless they say another \`keen.timestamp\`; the ledger counts what was not stored as duplicates. A time more than a
day ahead of the server's clock, of a key or an id, is refused with 400.

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
