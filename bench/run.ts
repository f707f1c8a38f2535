// `npm run bench -- NAME`: runs one benchmark; without a name, lists them. Every benchmark is a file here that prints a table
// with the ratio that matters: machines differ, ratios within one run do not.
import { readdir, readFile } from "node:fs/promises";

const folder = new URL(".", import.meta.url);
const names = (await readdir(folder))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "run.ts")
  .map((file) => file.slice(0, -3))
  .sort();
const name = process.argv[2];

if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".\n`);
  console.log("npm run bench -- NAME\n");
  for (const each of names) console.log(`  ${each.padEnd(16)} ${await firstComment(each)}`);
  process.exit(name === undefined ? 0 : 2);
}
process.argv.splice(2, 1);
await import(new URL(`${name}.ts`, folder).href);

async function firstComment(file: string): Promise<string> {
  const line = (await readFile(new URL(`${file}.ts`, folder), "utf8")).split("\n", 1)[0] ?? "";
  return line.replace(/^\/\/\s*/, "");
}
