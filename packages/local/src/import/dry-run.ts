import { isBadItem, type BadItem, type ImportSource } from "./read/source.ts";

const SHOWN = 3;

export interface DryReport {
  readonly good: number;
  readonly bad: number;
}

/** Reads everything as an import would and prints the first events as they would be sent, and the first lines that are bad. */
export async function dryRun(source: ImportSource, print: (line: string) => void): Promise<DryReport> {
  await source.prepare?.(() => {});
  for (const note of source.notes()) print(`  ${note}`);
  let good = 0;
  let bad = 0;
  const firstBad: BadItem[] = [];
  for await (const item of source.items(() => {})) {
    if (isBadItem(item)) {
      if (bad++ < SHOWN) firstBad.push(item);
      continue;
    }
    if (good++ >= SHOWN) continue;
    print(`${item.file}, line ${item.line}, would be an event of ${item.collection}:`);
    print(JSON.stringify(item.event, undefined, 2));
  }
  for (const remark of source.remarks?.() ?? []) print(`  ${remark}`);
  for (const item of firstBad) print(`  ${item.file}, line ${item.line} is bad: ${item.bad}`);
  return { good, bad };
}
