import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { savedObjects } from "./dashboards.ts";
import { importObjects } from "./import.ts";
import { MIGRATION_VERSIONS, toNdjson, type SavedObject } from "./saved-object.ts";

const objects = savedObjects("millrace");
const lines = toNdjson(objects).trimEnd().split("\n");

/** What each type may hold: the mappings of Dashboards 3 are strict, and an import with another attribute fails. */
const ATTRIBUTES: Readonly<Record<SavedObject["type"], readonly string[]>> = {
  "index-pattern": ["title", "timeFieldName", "fields", "fieldFormatMap"],
  visualization: ["title", "description", "version", "visState", "uiStateJSON", "kibanaSavedObjectMeta"],
  search: ["title", "description", "version", "hits", "columns", "sort", "kibanaSavedObjectMeta"],
  dashboard: [
    "title",
    "description",
    "version",
    "hits",
    "panelsJSON",
    "optionsJSON",
    "timeRestore",
    "timeFrom",
    "timeTo",
    "refreshInterval",
    "kibanaSavedObjectMeta",
  ],
};

test("each line is an object of Dashboards 3: of a known type and its version, with its attributes and no others", () => {
  for (const line of lines) {
    const { type, id, attributes, references, migrationVersion, ...rest } = JSON.parse(line) as SavedObject;
    expect(Object.keys(rest)).toEqual([]);
    expect(migrationVersion).toEqual({ [type]: MIGRATION_VERSIONS[type] });
    expect(Object.keys(attributes).filter((name) => !ATTRIBUTES[type].includes(name))).toEqual([]);
    expect(id).toMatch(/^millrace-[a-z0-9-]+$/);
    expect(Array.isArray(references)).toBe(true);
  }
  expect(new Set(objects.map(({ type, id }) => `${type} ${id}`)).size).toBe(lines.length);
});

test("whatever an object refers to is in the file, and each name of a reference is one that the object says", () => {
  const known = new Set(objects.map(({ type, id }) => `${type} ${id}`));
  for (const { attributes, references } of objects) {
    for (const { type, id } of references) expect(known).toContain(`${type} ${id}`);
    // JSON stands in strings, some of it in JSON that stands in a string.
    const said = JSON.stringify(attributes).replaceAll("\\", "");
    const names = [...said.matchAll(/"(?:indexRefName|panelRefName)":"([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(references.map(({ name }) => name)));
    expect(names).toHaveLength(references.length);
  }
});

test("JSON in attributes is JSON, and no panel lies over another", () => {
  for (const { type, attributes } of objects) {
    for (const [name, value] of Object.entries(attributes))
      if (/JSON$|^visState$|^fields$|Map$/.test(name))
        expect(() => JSON.parse(value as string) as unknown).not.toThrow();
    if (type !== "dashboard") continue;
    const cells = new Set<string>();
    const panels = JSON.parse(attributes["panelsJSON"] as string) as {
      gridData: { x: number; y: number; w: number; h: number };
    }[];
    for (const { gridData: at } of panels) {
      expect(at.x + at.w).toBeLessThanOrEqual(48);
      for (let x = at.x; x < at.x + at.w; x++)
        for (let y = at.y; y < at.y + at.h; y++) {
          expect(cells).not.toContain(`${x} ${y}`);
          cells.add(`${x} ${y}`);
        }
    }
  }
});

/** The import route as Dashboards 3 has it: what it wants of a request, and what it answers. */
async function dashboards(errors: readonly object[] = []) {
  const taken: { url: string; file: string }[] = [];
  const server = createServer((request, response) => {
    void Array.fromAsync(request as AsyncIterable<Buffer>).then(async (chunks) => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.headers["osd-xsrf"] === undefined)
        return answer(400, { message: "Request must contain a osd-xsrf header." });
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      const form = await new Response(Buffer.concat(chunks), { headers }).formData();
      const file = form.get("file");
      if (!(file instanceof File) || !file.name.endsWith(".ndjson"))
        return answer(400, { message: "Invalid file extension" });
      taken.push({ url: `${request.method} ${request.url}`, file: await file.text() });
      return answer(200, { success: errors.length === 0, successCount: lines.length - errors.length, errors });
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  return { taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/_dashboards/` };
}

test("they are imported as one file, in place of those of before", async () => {
  const { taken, url } = await dashboards();
  expect(await importObjects(url, toNdjson(objects))).toBe(lines.length);
  expect(taken).toEqual([
    { url: "POST /_dashboards/api/saved_objects/_import?overwrite=true", file: toNdjson(objects) },
  ]);
});

test("what Dashboards does not take, or does not answer, is an error that says so", async () => {
  const { url } = await dashboards([{ id: "x", error: { type: "missing_references" } }]);
  await expect(importObjects(url, toNdjson(objects))).rejects.toThrow("missing_references");
  await expect(importObjects("http://127.0.0.1:1", "")).rejects.toThrow("Nothing answers");
});
