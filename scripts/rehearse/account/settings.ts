import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withFault } from "../faults.ts";

/** Who the rehearsed production stage sends mail as. */
export const SENDER = "reports@millrace.example";

/** What a company sets for its production and this project cannot: who its mail is from. Without it no mail would be rehearsed. */
export const REHEARSED = {
  file: "stacks/stages.ts",
  from: "  budgetUsd: 300,\n};",
  to: `  budgetUsd: 300,\n  mailFrom: { name: "Millrace", address: "${SENDER}" },\n};`,
};

/** Sets in a copied tree what is rehearsed beyond this project's own settings. */
export async function setRehearsed(tree: string): Promise<void> {
  const file = join(tree, REHEARSED.file);
  await writeFile(file, withFault(await readFile(file, "utf8"), REHEARSED));
}
