import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openQueueFile } from "./embedded-schema.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-queue-"));
  path = join(folder, "queue.sqlite");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const refusal = (file = path): unknown => {
  try {
    openQueueFile(file).close();
    return undefined;
  } catch (error) {
    return error;
  }
};
/** What a person is told, and what SQLite itself had to say. */
const told = (reason: string, file = path) =>
  expect.objectContaining({
    message: `The queue file ${file} ${reason}`,
    cause: expect.objectContaining({ errcode: expect.any(Number) as number }) as Error,
  }) as Error;

test("a file that was opened before is opened again with all that is in it", () => {
  const first = openQueueFile(path);
  first.exec("INSERT INTO accepted VALUES ('p', 1, 2)");
  first.close();
  const second = openQueueFile(path);
  expect(second.prepare("SELECT * FROM accepted").all()).toEqual([{ project: "p", hour: 1, events: 2 }]);
  second.close();
});

test("one that another has open is refused until that one is closed", () => {
  const first = openQueueFile(path);
  expect(refusal()).toEqual(
    told("is in use by another process. Stop that one first, or give this one a data folder of its own."),
  );
  first.close();
  expect(refusal()).toBeUndefined();
});

test("one whose folder is not there is refused", () => {
  const nowhere = join(folder, "nowhere", "queue.sqlite");
  expect(refusal(nowhere)).toEqual(told("cannot be opened: check that its folder exists and may be written.", nowhere));
});

test("one that is no database is refused, and left as it is", async () => {
  const text = "no database ".repeat(1_000);
  await writeFile(path, text);
  expect(refusal()).toEqual(told("is not a queue file. Move it away and start again."));
  expect(await readFile(path, "utf8")).toBe(text);
});

test("one whose pages are damaged is refused", async () => {
  openQueueFile(path).close();
  const bytes = await readFile(path);
  // The header is whole; the table of tables behind it is not.
  bytes.fill(0xff, 100, 4_096);
  await writeFile(path, bytes);
  expect(refusal()).toEqual(told("is damaged. Keep a copy of it, move it away and start again with an empty queue."));
});

test("one of another version is refused by its number, and closed", () => {
  const newer = new DatabaseSync(path);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  expect(refusal()).toMatchObject({ message: `The queue file ${path} has version 99; this program reads 1.` });
  const again = new DatabaseSync(path);
  again.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version = 0");
  again.close();
  expect(refusal()).toBeUndefined();
});
