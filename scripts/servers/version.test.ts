import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { VERSION } from "./opensearch.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("what is deployed, what Docker runs and what Maven brings are of one release line: tests speak of production", async () => {
  const deployed = /engineVersion: "OpenSearch_([\d.]+)"/.exec(await read("stacks/store.ts"))?.[1];
  const images = [...(await read("compose.yaml")).matchAll(/image: (\S+):(\S+)/g)].map(([, name, tag]) => [name, tag]);
  expect(VERSION.split(".").slice(0, 2).join(".")).toBe(deployed);
  expect(images).toEqual([
    ["opensearchproject/opensearch", VERSION],
    ["opensearchproject/opensearch-dashboards", VERSION],
  ]);
});
