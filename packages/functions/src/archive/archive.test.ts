import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createArchive } from "./archive.ts";

const NOW = Date.UTC(2026, 10, 23, 21, 5, 7, 89);

function setUp() {
  const objects = new Map<string, Uint8Array>();
  let last = 0;
  const archive = createArchive({
    bucket: { put: async (key, body) => void objects.set(key, body) },
    clock: { now: () => NOW },
    newId: () => `id${++last}`,
  });
  return { archive, objects };
}

test("a call's messages are one object, a line each, their bodies as they were queued", async () => {
  const { archive, objects } = setUp();
  const bodies = [`{"v":1,"text":"line\\nbreak"}`, "gz:H4sIAAAA", "not even JSON\n\u2028"];
  await archive(bodies.map((body, index) => ({ id: `m${index}`, body })));
  expect([...objects.keys()]).toEqual(["raw/2026/11/23/21/20261123T210507089Z-id1.ndjson.gz"]);
  const lines = gunzipSync([...objects.values()][0] ?? "")
    .toString()
    .split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    bodies.map((body, index) => ({ id: `m${index}`, body })),
  );
});

test("two calls in the same millisecond do not replace each other, and an empty one makes no object", async () => {
  const { archive, objects } = setUp();
  await archive([{ id: "m", body: "a" }]);
  await archive([{ id: "m", body: "b" }]);
  await archive([]);
  expect(objects.size).toBe(2);
});
