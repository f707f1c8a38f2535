import { MillraceClientError, type MillraceClient } from "@millrace/client";
import { expect, test } from "vitest";
import { createAsker } from "./asker.ts";

const COUNT = { analysis_type: "count", event_collection: "pageviews" } as const;
const here = () => new AbortController().signal;

/** A client whose batches are answered by hand, and a moment that ends by hand. */
function setup() {
  const sent: { queries: Record<string, unknown>; signal: AbortSignal | undefined; answer: (n: number) => void }[] = [];
  const client = {
    batch: (queries: Record<string, unknown>, options?: { signal?: AbortSignal }) =>
      new Promise((resolve) => {
        const answer = (result: number) => {
          const outcomes = Object.keys(queries).map((label, i) => [
            label,
            i === 2
              ? { ok: false, error: new MillraceClientError("InvalidFilterError", 400, "No.") }
              : { ok: true, answer: { result } },
          ]);
          resolve({ as_of: "", version: `v${result}`, age: 0, outcomes: Object.fromEntries(outcomes) });
        };
        sent.push({ queries, signal: options?.signal, answer });
      }),
  } as unknown as Pick<MillraceClient, "batch">;
  let flush = () => {};
  const asker = createAsker(client, (work) => (flush = work));
  return { asker, sent, moment: () => flush() };
}

test("what is asked in one moment travels together, and each gets its own outcome", async () => {
  const { asker, sent, moment } = setup();
  const asked = [0, 1, 2].map(() => asker.ask(COUNT, here()));
  moment();
  const later = asker.ask(COUNT, here());
  moment();
  expect(sent.map(({ queries }) => Object.keys(queries).length)).toEqual([3, 1]);
  sent[0]?.answer(5);
  sent[1]?.answer(6);
  expect(await asked[0]).toEqual({ result: 5 });
  await expect(asked[2]).rejects.toMatchObject({ code: "InvalidFilterError" });
  expect(await later).toEqual({ result: 6 });
  // What is asked beside the screen may have seen more than the screen shows.
  expect(asker.firstVersion()).toBe("v5");
  asker.restart();
  expect(asker.firstVersion()).toBeUndefined();
});

test("a question given up before it was sent is not sent; the request is stopped when nobody waits any more", async () => {
  const { asker, sent, moment } = setup();
  const [early, first, second] = [new AbortController(), new AbortController(), new AbortController()];
  const asked = [early, first, second].map(({ signal }) => asker.ask(COUNT, signal));
  early.abort(new Error("moved on"));
  await expect(asked[0]).rejects.toThrow("moved on");
  moment();
  expect(Object.keys(sent[0]?.queries ?? {})).toHaveLength(2);
  first.abort(new Error("moved on"));
  await expect(asked[1]).rejects.toThrow("moved on");
  expect(sent[0]?.signal?.aborted).toBe(false);
  second.abort(new Error("moved on"));
  await expect(asked[2]).rejects.toThrow("moved on");
  expect(sent[0]?.signal?.aborted).toBe(true);
});
