import { describe, expect, test } from "vitest";
import type { Span } from "./months.ts";
import { createRefusals, type Refusal } from "./refusals.ts";

const NOVEMBER: Span = [682, 683];
const DECEMBER: Span = [683, 684];
const none = new Set<string>();

function setUp(...listed: string[]) {
  const refusals = createRefusals();
  for (const path of listed) refusals.list(path);
  /** Turns names down as the catalogue does: what is missing is written first. */
  const refuse = (span: Span, paths: readonly string[], expected: { listed?: string[]; kept?: string[] } = {}) => {
    const entries = refusals.missing(
      paths.map((path) => [path, "string"]),
      span,
      { listed: new Set(expected.listed), kept: new Set(expected.kept) },
    );
    for (const entry of entries) refusals.add(entry);
    return entries;
  };
  return { refusals, refuse };
}

test("one entry stands for all unknown names of a month; names listed before it are not concerned, later ones are", () => {
  const { refusals, refuse } = setUp("before");
  expect(refuse(NOVEMBER, ["x", "y"])).toEqual([{ refused: NOVEMBER, except: [] }]);
  expect(refuse(NOVEMBER, ["x", "z"])).toEqual([]);
  refusals.list("z");
  refusals.list("after");
  for (const path of ["x", "y", "z", "after", "anything"]) expect(refusals.of(path)).toEqual([NOVEMBER]);
  expect(refusals.of("before")).toEqual([]);
});

test("another month needs an entry of its own, and then concerns fewer names", () => {
  const { refusals, refuse } = setUp();
  refuse(NOVEMBER, ["x"]);
  refusals.list("z");
  expect(refuse(DECEMBER, ["y"])).toHaveLength(1);
  expect([refusals.of("z"), refusals.of("y")]).toEqual([[NOVEMBER], [NOVEMBER, DECEMBER]]);
});

describe("names that are expected", () => {
  test("are not taken for refused with the unknown ones, whether listed now or kept from last month", () => {
    const { refusals, refuse } = setUp();
    refuse(NOVEMBER, ["junk"], { listed: ["now"], kept: ["kept"] });
    refusals.list("kept");
    expect([refusals.of("kept"), refusals.of("junk")]).toEqual([[], [NOVEMBER]]);
  });

  test("are refused one by one when it does happen, and a process that did not expect them finds them named too", () => {
    const { refuse } = setUp("known");
    expect(refuse(NOVEMBER, ["known", "kept", "junk"], { kept: ["kept"] })).toEqual([
      { refused: NOVEMBER, except: ["kept"] },
      { refused: NOVEMBER, path: "known" },
      { refused: NOVEMBER, path: "kept" },
    ]);
    const other = setUp();
    other.refuse(NOVEMBER, ["junk"], { kept: ["kept"] });
    expect(other.refusals.of("kept")).toEqual([]);
    expect(other.refuse(NOVEMBER, ["kept"])).toEqual([{ refused: NOVEMBER, path: "kept" }]);
    expect(other.refusals.of("kept")).toEqual([NOVEMBER]);
  });

  test("beyond a bound all names count as refused, so that no stream of names makes a stream of entries", () => {
    const known = Array.from({ length: 1_500 }, (_, i) => `n${i}`);
    const { refusals, refuse } = setUp(...known, "other");
    let entries: Refusal[] = [];
    for (const path of known) entries = [...entries, ...refuse(NOVEMBER, [path])];
    expect(entries).toHaveLength(1_001);
    expect(entries.at(-1)).toEqual({ refused: NOVEMBER, all: true });
    expect(refusals.of("other")).toEqual([NOVEMBER]);
    const long = setUp();
    const paths = Array.from({ length: 40 }, (_, i) => `${i}${"x".repeat(2_000)}`);
    expect(long.refuse(NOVEMBER, paths, { listed: paths })).toEqual([{ refused: NOVEMBER, all: true }]);
  });
});

test("nothing refused, nothing written, nothing missing", () => {
  const { refusals } = setUp("a");
  expect(refusals.missing([], NOVEMBER, { listed: none, kept: none })).toEqual([]);
  expect([refusals.of("a"), refusals.of("b"), refusals.spans()]).toEqual([[], [], []]);
});
