// `npm run compat [-- --check]`: Keen's released clients, unmodified, against the product as `npm start` runs it. Writes what came of every
// method of every client into docs/keen.md; with --check it fails where the document says something else. What is neither right nor a
// clear refusal fails in any case.
import { readFile, writeFile } from "node:fs/promises";
import { readCommand } from "./command.ts";
import { outcomeOf, type Client } from "./compat/case.ts";
import { analysis } from "./compat/clients/analysis.ts";
import { browserClients } from "./compat/clients/browser.ts";
import { java } from "./compat/clients/java.ts";
import { keenIo } from "./compat/clients/keen-io.ts";
import { keenJs } from "./compat/clients/keen-js.ts";
import { keenQuery } from "./compat/clients/keen-query.ts";
import { installClients } from "./compat/clients/npm.ts";
import { python } from "./compat/clients/python.ts";
import { tracking } from "./compat/clients/tracking.ts";
import { openStage } from "./compat/stage.ts";
import { withTables, type Tried } from "./compat/table.ts";

const USAGE = `npm run compat [-- --check] [-- CLIENT ...]   Keen's released clients against the product; writes the tables of docs/keen.md

  --check   fails when docs/keen.md says something else, and leaves it as it is
  CLIENT    a beginning of a client's name: only these, and nothing is written`;

const DOCUMENT = new URL("../docs/keen.md", import.meta.url);

const { check, only } = readCommand(
  USAGE,
  { options: { check: { type: "boolean" } }, allowPositionals: true },
  ({ values, positionals }) => ({ check: values.check ?? false, only: positionals }),
);
process.exit(await main());

async function main(): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const npm = await installClients();
  const stage = await openStage(stack);
  const clients: Client[] = [
    await tracking(stage, npm),
    await analysis(stage, npm),
    await keenJs(stage, npm),
    await keenIo(stage, npm),
    await keenQuery(stage, npm),
    ...(await browserClients(stage, npm, stack)),
    await python(stage, stack),
    await java(stage, stack),
  ];
  const tried: Tried[] = [];
  const chosen = clients.filter(({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)));
  for (const client of chosen) tried.push(await tryAll(client));
  const wrong = tried.flatMap(({ outcomes }) => [...outcomes.values()]).filter(({ kind }) => kind === "wrong").length;
  if (only.length > 0) return wrong > 0 ? 1 : 0;

  const before = await readFile(DOCUMENT, "utf8");
  const now = await withTables(before, tried);
  if (!check) await writeFile(DOCUMENT, now);
  else if (now !== before) console.error("docs/keen.md says something else: npm run compat");
  return wrong > 0 || (check && now !== before) ? 1 : 0;
}

async function tryAll(client: Client): Promise<Tried> {
  const outcomes: Tried["outcomes"] & Map<string, Awaited<ReturnType<typeof outcomeOf>>> = new Map();
  for (const one of client.cases) {
    const outcome = await outcomeOf(one);
    outcomes.set(one.method, outcome);
    if (outcome.kind === "wrong") console.error(`${client.name}: ${one.method}: ${outcome.detail}`);
  }
  const works = [...outcomes.values()].filter(({ kind }) => kind === "works").length;
  console.log(`${client.name} ${client.version}: ${works} of ${outcomes.size} work`);
  return { client, outcomes };
}
