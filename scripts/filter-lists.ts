// The two lists that most ad blockers ship: EasyList and EasyPrivacy (GPL 3 or CC BY-SA 3, by their authors). Their text is no part of
// this project: it is unpacked, for a test, from Debian's package of uBlock Origin.
import { glob, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { unpackPackage } from "./debian.ts";
import { cacheFolder } from "./servers/cache.ts";

const PACKAGE = "webext-ublock-origin-firefox";
const LISTS = ["easylist.txt", "easyprivacy.txt"] as const;

/**
 * The texts of both lists: of the folder that `FILTER_LISTS` names, else of Debian's package, which is kept beside the downloaded servers.
 * @throws Error that names the cure where neither can be had
 */
export async function filterLists(): Promise<string[]> {
  const folder = process.env["FILTER_LISTS"] ?? (await unpacked());
  const files = await Array.fromAsync(
    glob(
      LISTS.map((list) => `**/${list}`),
      { cwd: folder },
    ),
  );
  if (files.length !== LISTS.length)
    throw new Error(`${folder} holds ${files.join(", ") || "none"} of ${LISTS.join(", ")}.`);
  return Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
}

async function unpacked(): Promise<string> {
  const folder = join(cacheFolder(), PACKAGE);
  const held = await Array.fromAsync(glob("**/easyprivacy.txt", { cwd: folder })).catch(() => []);
  if (held.length > 0) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const fresh = await mkdtemp(join(cacheFolder(), "lists-"));
  try {
    await unpackPackage(PACKAGE, fresh);
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw new Error(
      `The ad blocker test needs EasyList and EasyPrivacy. They are unpacked from Debian's ${PACKAGE}, which failed; or set ` +
        `FILTER_LISTS to a folder with ${LISTS.join(" and ")}.`,
      { cause: error },
    );
  }
  return folder;
}
