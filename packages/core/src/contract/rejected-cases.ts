import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../ledger/ledger.ts";
import type { Exception } from "../ledger/exception.ts";
import type { RejectedEvent } from "../ledger/rejection.ts";
import { newProject, NOON } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

export function rejectedCases(use: () => Subject): void {
  describe("rejected events", () => {
    test("are grouped by reason and collection, the most frequent first, with when it began and when it was last", async () => {
      const { store, visible } = use();
      const project = newProject();
      await store.recordExceptions([
        rejected({ project, batch: "a", receivedAt: NOON + 5 }),
        rejected({ project, batch: "b", receivedAt: NOON }),
        rejected({ project, batch: "c", receivedAt: NOON + 9 }),
        rejected({ project, batch: "d", collection: "clicks" }),
        rejected({ project, batch: "d", ordinal: 1, collection: "clicks", raw: null }),
        rejected({ project, batch: "e", reason: "too-large" }),
        { ...rejected({ project, batch: "f" }), outcome: "duplicate", reason: "id" },
        rejected({ project: newProject(), batch: "g" }),
      ]);
      await visible();
      const groups = await store.rejectedGroups({ project, ...ALL });
      expect(groups).toEqual([
        { reason: "mapping", collection: "visits", count: 3, firstAt: NOON, lastAt: NOON + 9 },
        { reason: "mapping", collection: "clicks", count: 2, firstAt: NOON, lastAt: NOON },
        { reason: "too-large", collection: "visits", count: 1, firstAt: NOON, lastAt: NOON },
      ]);
      expect(await store.rejectedGroups({ project, ...ALL, reason: "too-large" })).toEqual([groups[2]]);
      expect(await store.rejectedGroups({ project, ...ALL, collection: "clicks" })).toEqual([groups[1]]);
      expect(await store.rejectedGroups({ project, from: NOON + 5, to: NOON + 9 })).toMatchObject([{ count: 1 }]);
    });

    test("come page by page, the newest first, as they were accepted and with what was wrong", async () => {
      const { store, visible } = use();
      const project = newProject();
      const raw = `{"id":"x","properties":{"text":"${"ä".repeat(5_000)}"}}`;
      const all = [
        rejected({ project, batch: "b", ordinal: 11, receivedAt: NOON + 1, detail: "no place for it", raw }),
        rejected({ project, batch: "b", ordinal: 2, receivedAt: NOON + 1, raw: null }),
        rejected({ project, batch: "a", ordinal: 30, receivedAt: NOON + 1 }),
        rejected({ project, batch: "z", ordinal: 0, receivedAt: NOON }),
      ];
      await store.recordExceptions(all.toReversed());
      await visible();
      const pages: RejectedEvent[][] = [];
      for (let after: RejectedEvent | undefined; ;) {
        const page = await store.rejectedEvents({ project, ...ALL }, { limit: 3, ...(after && { after }) });
        if (page.length === 0) break;
        pages.push(page);
        after = page.at(-1);
      }
      expect(pages.map((page) => page.length)).toEqual([3, 1]);
      const { outcome } = rejected({ project });
      expect(pages.flat().map((event) => ({ project, outcome, ...event }))).toEqual(all);
    });
  });
}

const ALL = { from: 0, to: NOON + 100 * HOUR_MS };

function rejected(input: Partial<Exception> & { readonly project: string }): Exception {
  return {
    batch: "batch",
    ordinal: 0,
    collection: "visits",
    receivedAt: NOON,
    outcome: "rejected",
    reason: "mapping",
    detail: "",
    raw: "{}",
    ...input,
    // Two projects of one store never have the same batch.
    ...(input.batch !== undefined && { batch: `${input.project}-${input.batch}` }),
  };
}
