import { expect, test } from "vitest";
import { deletableOf, deletionReason, isDeleted, type DeleteWhere } from "./tombstones.ts";

const message = { project: "p", receivedAt: 5 };
const everything = { project: "p", receivedBefore: 6 };

test("of an accepted event only what a deletion looks at is read, and project and receipt are the message's", () => {
  const accepted = { collection: "visits", timestamp: 3, context: { visitor: "ada" }, project: "q", receivedAt: 0 };
  expect(deletableOf(accepted, message)).toEqual({ ...message, visitor: "ada", collection: "visits", timestamp: 3 });
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

test("any one of several deletions is enough, and none is not", () => {
  const event = { ...message, visitor: "ada" };
  expect(isDeleted(event, [])).toBe(false);
  expect(isDeleted(event, [{ ...everything, visitor: "bob" }, everything])).toBe(true);
});

test("the reason is the narrowest condition", () => {
  expect(deletionReason({ ...everything, visitor: "ada", from: 1 })).toBe("visitor");
  expect(deletionReason({ ...everything, collection: "visits", to: 1 })).toBe("collection");
  expect(deletionReason({ ...everything, to: 0 })).toBe("span");
  expect(deletionReason(everything)).toBe("project");
});
