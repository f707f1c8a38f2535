import type { Access } from "@millrace/access";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** The demo project as scripts find it in `demo.json`. Read and master keys are stored nowhere else in the clear. */
export interface Demo {
  readonly url: string;
  readonly project: string;
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

/**
 * What to put into a page so that it is measured.
 * @param script with the parts a page uses, such as `t.widgets.js`; see docs/tracker.md
 */
export function scriptTag({ url, writeKey }: Demo, script = "t.js"): string {
  return `<script defer src="${url}/${script}" data-key="${writeKey}"></script>`;
}

/**
 * The demo project of a data folder: made on the first start, the same on every later one. `demo.json` (readable by its owner
 * only) is written anew when the address has changed, and else left alone: a start must not fail for want of room on the disk.
 */
export async function ensureDemo(folder: string, access: Access, url: string): Promise<Demo> {
  const file = join(folder, "demo.json");
  const known = await readDemo(file);
  const demo = known && (await access.projects.get(known.project)) ? { ...known, url } : await createDemo(access, url);
  if (isDeepStrictEqual(demo, known)) {
    await chmod(file, 0o600);
    return demo;
  }
  // Written beside and renamed: a crash in between must not leave half a file, the keys could not be had again.
  await writeFile(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return demo;
}

async function createDemo(access: Access, url: string): Promise<Demo> {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { id } = await access.projects.create({ name: "Demo", timezone });
  const [writeKey, readKey, masterKey] = [
    await access.keys.create(id, "write"),
    await access.keys.create(id, "read"),
    await access.keys.create(id, "master"),
  ];
  return { url, project: id, writeKey, readKey, masterKey };
}

/** What the data folder says of its demo project, if it says so. */
export async function readDemo(file: string): Promise<Demo | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Demo;
  } catch {
    return undefined;
  }
}
