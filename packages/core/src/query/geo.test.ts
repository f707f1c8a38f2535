import { expect, test } from "vitest";
import { EARTH_METRES, isPlace, metresBetween } from "./geo.ts";

const at = (longitude: number, latitude: number) => ({ longitude, latitude });

test.each([
  ["the pole", 0, 90, true],
  ["the date line, from either side", 180, 0, true],
  ["and the other", -180, -90, true],
  ["a latitude beyond the pole", 0, 90.1, false],
  ["and beyond the other", 0, -90.1, false],
  ["a longitude that goes round again", 180.1, 0, false],
  ["and the other way", -180.1, 0, false],
  ["no number", Number.NaN, 0, false],
])("a place is on the globe: %s", (_, longitude, latitude, expected) => {
  expect(isPlace(at(longitude, latitude))).toBe(expected);
});

const QUARTER = (EARTH_METRES * Math.PI) / 2;

test.each([
  ["from a place to itself", at(13.4, 52.5), at(13.4, 52.5), 0],
  ["a quarter of the equator", at(0, 0), at(90, 0), QUARTER],
  ["from the equator to the pole, whatever the longitude", at(17, 0), at(-60, 90), QUARTER],
  ["to the other side of the globe", at(0, 0), at(180, 0), 2 * QUARTER],
  ["from pole to pole", at(0, -90), at(0, 90), 2 * QUARTER],
  ["a degree across the date line", at(179.5, 0), at(-179.5, 0), QUARTER / 90],
  ["a quarter, and not along the equator", at(45, 45), at(-135, 45), QUARTER],
])("the distance: %s", (_, a, b, metres) => {
  expect(metresBetween(a, b)).toBeCloseTo(metres, 3);
  expect(metresBetween(b, a)).toBeCloseTo(metres, 3);
});

test("a degree of longitude is shorter the further north one is", () => {
  expect(metresBetween(at(0, 60), at(1, 60)) / metresBetween(at(0, 0), at(1, 0))).toBeCloseTo(0.5, 4);
});
