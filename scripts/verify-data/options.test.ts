import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseVerifyData } from "./options.ts";

describe("options of npm run verify-data", () => {
  let folder: string;
  const access = () => join(folder, "apache-access-2015.log.gz");
  const edits = () => join(folder, "wikipedia-edits-2015-09-12.ndjson.gz");
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-verify-"));
    await writeFile(access(), "");
    await writeFile(edits(), "");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("takes a folder, and an OpenSearch", () => {
    const files = { accessFile: access(), editsFile: edits() };
    expect(parseVerifyData([folder])).toEqual({ ...files, openSearch: undefined });
    const url = "http://127.0.0.1:9200";
    expect(parseVerifyData([folder, "--opensearch", url])).toEqual({ ...files, openSearch: url });
  });

  test("names what is missing before anything is started", async () => {
    expect(() => parseVerifyData([])).toThrow("Name the folder");
    await rm(edits());
    expect(() => parseVerifyData([folder])).toThrow(`There is no file ${edits()}.`);
    expect(() => parseVerifyData([join(folder, "nowhere")])).toThrow("There is no file");
  });

  test.each([
    ["--opensearch=localhost:9200", "must be an address"],
    ["--opensearch=", "must be an address"],
    ["--open", "--open"],
    ["other", '"other" is too much'],
  ])("refuses %s", (argument, message) => {
    expect(() => parseVerifyData([folder, argument])).toThrow(message);
  });
});
