// Writes the patterns that keen:ua_parser reads by: those of uap-core, as JSON, so that a bundle holds them and nothing parses YAML at
// the start. Its test fails while the file is not what the installed uap-core says.
import { readFile, writeFile } from "node:fs/promises";
import { parse } from "yaml";

export const PATTERNS_FILE = new URL("../packages/collector/src/enrich/addons/uap/patterns.json", import.meta.url);

/** One pattern a line, so that a new version of the data reads as a difference. */
export async function patternsOfUapCore(): Promise<string> {
  const yaml = await readFile(new URL(import.meta.resolve("uap-core/regexes.yaml")), "utf8");
  const lists = Object.entries(parse(yaml) as Record<string, object[]>).map(
    ([name, patterns]) =>
      `${JSON.stringify(name)}:[\n${patterns.map((pattern) => JSON.stringify(pattern)).join(",\n")}\n]`,
  );
  return `{\n${lists.join(",\n")}\n}\n`;
}

if (import.meta.main) await writeFile(PATTERNS_FILE, await patternsOfUapCore());
