import { expect, test } from "vitest";
import { NOON } from "../testing.ts";
import { readDeletion, type DeletionRequest } from "./request.ts";

const projects = {
  get: async (id: string) =>
    id === "p" ? { id, name: "Shop", timezone: "UTC", createdAt: 0, redirectHosts: [] } : undefined,
};
const read = (request: Partial<DeletionRequest>) => readDeletion(projects, { project: "p", ...request }, NOON);

test("what is asked for is what is deleted, of all that was received until now", async () => {
  expect(await read({})).toEqual({ project: "p", receivedBefore: NOON });
  expect(await read({ visitor: "ada", from: "2026-01-01", to: "2026-01-02T01:00+01:00" })).toEqual({
    project: "p",
    visitor: "ada",
    from: Date.UTC(2026, 0, 1),
    to: Date.UTC(2026, 0, 2),
    receivedBefore: NOON,
  });
  expect(await read({ collection: "clicks", to: "2026-01-01" })).toEqual({
    project: "p",
    collection: "clicks",
    to: Date.UTC(2026, 0, 1),
    receivedBefore: NOON,
  });
});

test.each<[DeletionRequest, code: string, words: string]>([
  [{ project: "q" }, "ResourceNotFoundError", "no such project"],
  [{ project: "p", visitor: "a", collection: "c" }, "InvalidParameterError", "one or the other"],
  [{ project: "p", visitor: "" }, "InvalidParameterError", "visitor is empty"],
  [{ project: "p", collection: "" }, "InvalidParameterError", "collection is empty"],
  [{ project: "p", from: "yesterday" }, "InvalidParameterError", '"from" is "yesterday"'],
  [{ project: "p", to: "2026-02-30" }, "InvalidParameterError", '"to"'],
  [{ project: "p", from: "" }, "InvalidParameterError", '"from"'],
  [{ project: "p", from: "2026-01-02", to: "2026-01-02" }, "InvalidParameterError", "span is empty"],
])("%j is refused, and never read as something wider", async (request, code, words) => {
  await expect(readDeletion(projects, request, NOON)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  });
});
