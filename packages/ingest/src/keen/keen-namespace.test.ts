import { LIMITS, type Json } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { readKeenNamespace } from "./keen-namespace.ts";

const NOON = Date.UTC(2026, 10, 1, 12);
const DAY = 86_400_000;
const read = (keen: Json | undefined, mayImport = false) => readKeenNamespace(keen, { receivedAt: NOON, mayImport });
/** What is thrown, as code and message. */
function refused(keen: Json | undefined, mayImport = false): unknown {
  try {
    return read(keen, mayImport);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return [code, message];
  }
}
const iso = (ms: number) => new Date(ms).toISOString();
const idAt = (ms: number, rest = "abcdefgh") => ms.toString(16).padStart(12, "0") + rest;

test("without the object nothing is said, and an empty one says nothing either", () => {
  expect(read(undefined)).toStrictEqual({});
  expect(read({})).toStrictEqual({});
});

test.each<Json>([null, "x", 5, true, []])("%j is no object and is reserved", (keen) => {
  expect(refused(keen)).toEqual(["InvalidKeenNamespaceProperty", '"keen" is reserved and must be an object.']);
});

test("a name that is not Keen's is refused, of a long one its beginning is told", () => {
  expect(refused({ colour: "red" })).toEqual([
    "InvalidKeenNamespaceProperty",
    '"keen.colour" is not a property of Keen\'s.',
  ]);
  const told = refused({ ["x".repeat(100)]: 1 }) as string[];
  expect(told[1]).toBe(`"keen.${"x".repeat(60)}" is not a property of Keen's.`);
});

describe("a time", () => {
  test("is any of the past, and at most a day ahead", () => {
    expect(read({ timestamp: "1970-01-01T00:00:00Z" })).toStrictEqual({ timestamp: 0 });
    expect(read({ timestamp: iso(NOON + LIMITS.futureMs) })).toStrictEqual({ timestamp: NOON + DAY });
    expect(LIMITS.futureMs).toBe(DAY);
    expect(refused({ timestamp: iso(NOON + DAY + 1) })).toEqual([
      "InvalidPropertyValueError",
      "keen.timestamp is more than a day in the future.",
    ]);
  });

  test.each<Json>([5, null, "yesterday", "", {}])("%j is none", (timestamp) => {
    expect(refused({ timestamp })).toEqual(["InvalidPropertyValueError", "keen.timestamp is not an ISO 8601 time."]);
  });
});

describe("an id", () => {
  test("may be given by any sender as event_id, and as id with the master key alone; the first wins", () => {
    const [a, b] = [idAt(NOON, "aaaaaaaa"), idAt(NOON, "bbbbbbbb")];
    expect(read({ event_id: a })).toStrictEqual({ id: a });
    expect(read({ id: a })).toStrictEqual({});
    expect(read({ id: 5 })).toStrictEqual({});
    expect(read({ id: a }, true)).toStrictEqual({ id: a });
    expect(read({ id: a, event_id: b }, true)).toStrictEqual({ id: b });
    expect(read({ created_at: "whenever" }, true)).toStrictEqual({});
  });

  test.each(["id", "event_id"])("as %s is of a form and a time that may be", (name) => {
    expect(read({ [name]: idAt(NOON + DAY) }, true)).toStrictEqual({ id: idAt(NOON + DAY) });
    expect(refused({ [name]: idAt(NOON + DAY + 1) }, true)).toEqual([
      "InvalidPropertyValueError",
      `keen.${name} begins with a time that is more than a day in the future (12 hex digits of milliseconds).`,
    ]);
    for (const bad of ["short", 5, null, `${idAt(NOON)} `]) {
      expect(refused({ [name]: bad }, true)).toEqual([
        "InvalidPropertyValueError",
        `keen.${name} is not an event id: 12 hex digits of milliseconds, then 8 to 116 of A-Z a-z 0-9 . _ -.`,
      ]);
    }
  });
});

describe("a uniqueness token", () => {
  test("is kept with the event and told apart, without half signs", () => {
    const longest = "x".repeat(LIMITS.uniquenessTokenChars);
    expect(read({ uniqueness_token: longest })).toStrictEqual({
      uniquenessToken: longest,
      kept: { uniqueness_token: longest },
    });
    expect(read({ uniqueness_token: "a\uD800" }).uniquenessToken).toBe("a\uFFFD");
  });

  test.each<Json>(["", 5, null, "x".repeat(LIMITS.uniquenessTokenChars + 1)])("is not %j", (uniqueness_token) => {
    expect(refused({ uniqueness_token })).toEqual([
      "InvalidPropertyValueError",
      `keen.uniqueness_token must be a text of 1 to ${LIMITS.uniquenessTokenChars} characters.`,
    ]);
  });
});

describe("a location", () => {
  test.each([[[0, 0]], [[180, 90]], [[-180, -90]], [[-122.42005, 37.77479]]])("at %j is kept", (coordinates) => {
    expect(read({ location: { coordinates } })).toStrictEqual({ kept: { location: { coordinates } } });
  });

  test("at minus nothing is at nothing: the two are one place", () => {
    expect(read({ location: { coordinates: [-0, -0] } })).toStrictEqual({
      kept: { location: { coordinates: [0, 0] } },
    });
  });

  test.each<Json>([[181, 0], [-180.1, 0], [0, 90.5], [0, -91], [1], [1, 2, 3], ["1", 2], [null, 2], []])(
    "at %j is nowhere",
    (...coordinates) => {
      expect(refused({ location: { coordinates: coordinates as Json } })).toEqual([
        "InvalidPropertyValueError",
        "keen.location.coordinates must be [longitude, latitude] in degrees.",
      ]);
    },
  );

  test.each<Json>([null, 5, {}, { coordinates: {} }, { coordinates: [1, 2], address: "x" }])(
    "is not %j",
    (location) => {
      expect(refused({ location })).toEqual([
        "InvalidPropertyValueError",
        "keen.location must be an object with coordinates only.",
      ]);
    },
  );
});
