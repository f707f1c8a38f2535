import { expect, test } from "vitest";
import { deletableOf, deletionReason, indexDeletions, isDeleted, type DeleteWhere } from "./tombstones.ts";

const message = { project: "p", receivedAt: 5 };
const everything = { project: "p", receivedBefore: 6 };

test("of an accepted event only what a deletion looks at is read, and project and receipt are the message's", () => {
  const accepted = {
    id: "e1",
    collection: "visits",
    timestamp: 3,
    context: { visitor: "ada" },
    project: "q",
    receivedAt: 0,
  };
  expect(deletableOf(accepted, message)).toEqual({
    ...message,
    id: "e1",
    visitor: "ada",
    collection: "visits",
    timestamp: 3,
  });
  const unreadable = { id: 5, collection: 6, timestamp: "3", context: { visitor: 7 } };
  expect(deletableOf(unreadable, message)).toEqual(message);
});

test.each([null, 5, "text", [], {}, { context: "ada" }, { context: { visitor: 5 }, timestamp: "3", collection: null }])(
  "an event nobody can read (%j) is taken by a deletion of everything, and by none that asks for what it lacks",
  (accepted) => {
    const event = deletableOf(accepted, message);
    expect(isDeleted(event, [everything])).toBe(true);
    const narrower: Partial<DeleteWhere>[] = [{ visitor: "ada" }, { collection: "visits" }, { from: -1 }, { to: 10 }];
    expect(narrower.filter((where) => isDeleted(event, [{ ...everything, ...where }]))).toEqual([]);
  },
);

const EVENT = { project: "p", receivedAt: 5, visitor: "ada", collection: "visits", timestamp: 3 };

test.each<[string, Partial<DeleteWhere>, boolean]>([
  ["one of its own project", {}, true],
  ["none of another project", { project: "q" }, false],
  ["one that began after it was received", { receivedBefore: 6 }, true],
  ["none that began at that moment", { receivedBefore: 5 }, false],
  ["one of its visitor", { visitor: "ada" }, true],
  ["none of another visitor", { visitor: "bob" }, false],
  ["one of its collection", { collection: "visits" }, true],
  ["none of another collection", { collection: "clicks" }, false],
  ["one of a time that begins with it", { from: 3 }, true],
  ["none of a time that begins after it", { from: 4 }, false],
  ["one of a time that ends after it", { to: 4 }, true],
  ["none of a time that ends with it", { to: 3 }, false],
  ["one whose every condition holds", { visitor: "ada", collection: "visits", from: 3, to: 4 }, true],
  ["none of which one condition does not hold", { visitor: "ada", collection: "visits", from: 3, to: 3 }, false],
])("an event is taken by a deletion, asked alone or by index: %s", (_, where, taken) => {
  const deletion = { ...everything, ...where };
  expect(isDeleted(EVENT, [deletion])).toBe(taken);
  expect(indexDeletions([deletion]).takes(EVENT)).toBe(taken);
});

test("any one of several deletions is enough, and none is not", () => {
  const event = { ...message, visitor: "ada" };
  expect(isDeleted(event, [])).toBe(false);
  expect(isDeleted(event, [{ ...everything, visitor: "bob" }, everything])).toBe(true);
});

test("an index takes exactly what its deletions take one by one", () => {
  const pick = <T>(values: readonly T[], i: number) => values[i % values.length] as T;
  const deletions = Array.from({ length: 60 }, (_, i): DeleteWhere => {
    const kind = i % 4;
    return {
      project: pick(["p", "p", "q"], i),
      receivedBefore: pick([3, 6, 9], i >> 1),
      ...(kind === 0 && { visitor: `v${i % 7}` }),
      ...(kind === 1 && { collection: `c${i % 5}` }),
      ...(kind === 3 && { ids: [`e${i % 5}`, `e${i % 9}`] }),
      ...(i % 5 === 0 ? { from: i % 9 } : kind === 2 && { to: i % 4 }),
    };
  });
  const events = Array.from({ length: 2_000 }, (_, i) => ({
    project: pick(["p", "q"], i >> 3),
    receivedAt: i % 10,
    id: pick([undefined, "e0", "e1", "e2", "e3", "e4", "e5"], i),
    visitor: pick([undefined, null, ...Array.from({ length: 9 }, (_unused, v) => `v${v}`)], i),
    collection: pick([undefined, "c0", "c1", "c2", "c3", "c4"], i >> 2),
    timestamp: pick([undefined, 0, 1, 2, 5, 8], i >> 1),
  }));
  // Few at a time, so that not everything is taken by the wide ones.
  for (let at = 0; at < deletions.length; at += 4) {
    const some = deletions.slice(at, at + 4);
    const index = indexDeletions(some);
    expect(index.size).toBe(some.length);
    expect(events.filter((event) => index.takes(event))).toEqual(events.filter((event) => isDeleted(event, some)));
  }
});

test("a deletion of some ids takes these and nothing else: not another id, and not an event without one", () => {
  const where = { ...everything, ids: ["a", "b"] };
  const ids = ["a", "b", "c", undefined];
  expect(ids.map((id) => isDeleted({ ...message, id }, [where]))).toEqual([true, true, false, false]);
  expect(ids.map((id) => indexDeletions([where]).takes({ ...message, id }))).toEqual([true, true, false, false]);
  // Every condition must hold, for ids as well.
  expect(isDeleted({ ...message, id: "a" }, [{ ...where, collection: "visits" }])).toBe(false);
});

test("an index without deletions takes nothing", () => {
  expect(indexDeletions().size).toBe(0);
  expect(indexDeletions().takes(message)).toBe(false);
});

test("the reason is the narrowest condition", () => {
  expect(deletionReason({ ...everything, ids: ["a"], visitor: "ada" })).toBe("filters");
  expect(deletionReason({ ...everything, visitor: "ada", from: 1 })).toBe("visitor");
  expect(deletionReason({ ...everything, collection: "visits", to: 1 })).toBe("collection");
  expect(deletionReason({ ...everything, to: 0 })).toBe("span");
  expect(deletionReason({ ...everything, from: 0 })).toBe("span");
  expect(deletionReason(everything)).toBe("project");
});
