import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Status } from "./campaign.ts";
import type { Mutant } from "./instrument.ts";
import type { MutationReport } from "./score.ts";

/** The results as a report for `scoreOf`, files named from the root on. */
export async function reportOf(
  root: string,
  mutants: readonly Mutant[],
  statuses: ReadonlyMap<string, Status>,
): Promise<MutationReport> {
  const files: Record<string, MutationReport["files"][string]> = {};
  for (const [file, ofFile] of Map.groupBy(mutants, (mutant) => mutant.file)) {
    files[relative(root, file)] = {
      source: await readFile(file, "utf8"),
      mutants: ofFile.map((mutant) => ({ ...mutant, status: statuses.get(mutant.id) ?? "Ignored" })),
    };
  }
  return { files };
}
