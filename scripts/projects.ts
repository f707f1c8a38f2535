import { createAccess, createSqliteRegistry, systemClock, systemRandom, type Projects } from "@millrace/access";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Said in the usage of every command that changes a project of this machine. */
export const FOLDER_USAGE =
  "  MILLRACE_DATA   data folder with the registry, default .millrace; a running server notices within a minute";

/** Runs `work` on the projects of the data folder; what it throws is said in a line, and ends with exit code 1. */
export async function withProjects(work: (projects: Projects) => Promise<void>): Promise<void> {
  const file = join(process.env["MILLRACE_DATA"] ?? ".millrace", "registry.sqlite");
  try {
    // Opening would make an empty one, and no project would be in it.
    if (!existsSync(file)) throw new Error(`There is no ${file}. MILLRACE_DATA names the folder.`);
    const registry = createSqliteRegistry({ path: file, clock: systemClock });
    try {
      await work(createAccess({ registry, clock: systemClock, random: systemRandom }).projects);
    } finally {
      await registry.close();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
