import { expect, test } from "vitest";
import { isFilter } from "../state/filters.ts";
import { asDefinition, isOn, segmentOf, toggleSegment } from "./segments.ts";

const [german, phone, docs] = [
  isFilter("$geo.country", "DE"),
  isFilter("$device", "mobile"),
  isFilter("$page.path", "/docs"),
];
const segment = { name: "s", title: "Germans with a phone", about: "", filters: [german, phone], version: 1 };

test("a segment adds its filters to those that are on, and a second click takes them away", () => {
  const on = toggleSegment(segment, [docs, german]);
  expect(on).toEqual([docs, german, phone]);
  expect(isOn(segment, on)).toBe(true);
  expect(toggleSegment(segment, on)).toEqual([docs]);
  expect(isOn(segment, [docs, german])).toBe(false);
});

test("it is read as it was kept, and what somebody else has written into it does no harm", () => {
  const times = { created_date: "", last_modified_date: "" };
  const { title, content, version } = asDefinition(segment);
  expect(content.filters).toEqual(["country:DE", "device:mobile"]);
  expect(segmentOf({ name: "s", title, content, version, ...times })).toEqual(segment);
  const odd = segmentOf({
    name: "s",
    title,
    content: { filters: ["country:DE", 5, "!"], about: {} },
    version,
    ...times,
  });
  expect(odd.filters).toEqual([german]);
  // One without filters is never on: everything would be it.
  expect(isOn({ ...odd, filters: [] }, [german])).toBe(false);
});
