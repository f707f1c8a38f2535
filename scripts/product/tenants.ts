import { createAccess, createSqliteRegistry, systemClock, systemRandom } from "@millrace/access";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** A project with its keys in the clear. */
export interface ProjectKeys {
  readonly name: string;
  readonly project: string;
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

/** Makes projects in a data folder that no server uses. */
export async function createProjects(folder: string, names: readonly string[]): Promise<ProjectKeys[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  const access = createAccess({ registry, clock: systemClock, random: systemRandom });
  const made: ProjectKeys[] = [];
  for (const name of names) {
    const { id } = await access.projects.create({ name });
    made.push({
      name,
      project: id,
      writeKey: await access.keys.create(id, "write"),
      readKey: await access.keys.create(id, "read"),
      masterKey: await access.keys.create(id, "master"),
    });
  }
  await registry.close();
  return made;
}
