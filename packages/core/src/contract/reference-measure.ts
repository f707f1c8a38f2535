import type { StoredEvent } from "../event/event.ts";
import type { Field } from "../query/field.ts";
import { deviationNote } from "../query/deviation.ts";
import { nearestRank, visitMeasure, type Measure, type MeasureVisitor } from "../query/query.ts";
import type { MeasureValue } from "../query/result.ts";
import { compareValues, valueKey, type Value } from "../values/value.ts";
import { fieldValue } from "./reference-value.ts";

/** One measure over the events of one cell. The sum of nothing is 0; every other number of nothing is null. */
export function measureOver(measure: Measure<Field>, events: readonly StoredEvent[]): MeasureValue {
  const distinct = (field: Field): Value[] => {
    const found = new Map<string, Value>();
    for (const event of events) {
      const value = fieldValue(event, field);
      if (value !== undefined && value !== null) found.set(valueKey(value), value);
    }
    return [...found.values()].sort(compareValues);
  };
  const numbers = (field: Field): number[] => numbersOf(field, events);
  const visitor: MeasureVisitor<Field, MeasureValue> = {
    count: () => events.length,
    count_unique: ({ field }) => distinct(field).length,
    select_unique: ({ field }) => distinct(field),
    sum: ({ field }) => sum(numbers(field)),
    average: ({ field }) => mean(numbers(field)),
    minimum: ({ field }) => numbers(field)[0] ?? null,
    maximum: ({ field }) => numbers(field).at(-1) ?? null,
    standard_deviation: ({ field }) => deviation(numbers(field)),
    percentile: ({ field, percentile }) => {
      const sorted = numbers(field);
      return sorted[nearestRank(percentile, sorted.length) - 1] ?? null;
    },
    percentiles: ({ field, percentiles }) => {
      const sorted = numbers(field);
      return percentiles.map((percentile) => sorted[nearestRank(percentile, sorted.length) - 1] ?? null);
    },
  };
  return visitMeasure(visitor, measure);
}

/** What a store must say of its answer to this measure, although the reference itself computes it well. */
export function noteOver(measure: Measure<Field>, events: readonly StoredEvent[]): string | undefined {
  if (measure.kind !== "standard_deviation") return undefined;
  const numbers = numbersOf(measure.field, events);
  if (numbers[0] === numbers.at(-1)) return undefined;
  return deviationNote(mean(numbers) ?? 0, deviation(numbers) ?? 0);
}

/** In ascending order. */
function numbersOf(field: Field, events: readonly StoredEvent[]): number[] {
  return events
    .map((event) => fieldValue(event, field))
    .filter((value) => typeof value === "number")
    .sort((a, b) => a - b);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** Population standard deviation. */
function deviation(values: readonly number[]): number | null {
  const average = mean(values);
  if (average === null) return null;
  const distances = values.map((value) => value - average);
  // The mean is a rounded number: what all distances have too much in common goes out again.
  const squares = sum(distances.map((distance) => distance ** 2)) - sum(distances) ** 2 / values.length;
  return Math.sqrt(Math.max(0, squares) / values.length);
}

/** Neumaier's sum: the error does not grow with the number of values. */
function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}
