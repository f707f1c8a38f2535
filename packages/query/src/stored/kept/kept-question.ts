import { scopeOf, type Grant } from "@millrace/access";
import type { Json, JsonObject } from "@millrace/core";
import { hash } from "node:crypto";
import type { Dataset } from "../datasets.ts";
import type { SavedQuery } from "../saved-queries.ts";

/** Of a dataset's answers: what Keen's were behind. */
const DATASET_MS = 3_600_000;
/** How many values of datasets a project has refreshed, those asked for last: a table of so many places, by the hash of the value. */
const DATASET_PLACES = 1_024;

/** One value of a dataset's index: what each property may be. */
export type Index = readonly (readonly [property: string, values: readonly Json[]])[];

/** What an answer is kept of. */
export type Subject =
  | { readonly kind: "saved"; readonly name: string }
  | { readonly kind: "dataset"; readonly name: string; readonly index: Index };

/** A question whose answer may be kept. */
export interface KeptQuestion {
  readonly subject: Subject;
  readonly analysis: string;
  readonly raw: JsonObject;
  /** How old its answer may be, milliseconds. */
  readonly maxAgeMs: number;
}

export function savedQuestion({ name, analysis, parameters, refreshRate }: SavedQuery): KeptQuestion {
  return { subject: { kind: "saved", name }, analysis, raw: parameters, maxAgeMs: refreshRate * 1000 };
}

/** The dataset's question about one value of its index. */
export function datasetQuestion({ name, analysis, parameters }: Dataset, index: Index): KeptQuestion {
  const own = Array.isArray(parameters["filters"]) ? parameters["filters"] : [];
  const indexed = index.map(([property_name, values]) => ({
    property_name,
    operator: "in",
    property_value: [...values],
  }));
  return {
    subject: { kind: "dataset", name, index },
    analysis,
    raw: { ...parameters, filters: [...own, ...indexed] },
    maxAgeMs: DATASET_MS,
  };
}

/**
 * The name of an answer: all that decides it. The definition as it is now (a changed one has other answers), what the key may see (two
 * keys with different forced filters share none), and the project's zone. What is left out of it falls through the wall between tenants.
 */
export function keyOf({ analysis, raw }: KeptQuestion, grant: Grant): string {
  return hash("sha256", JSON.stringify([analysis, raw, scopeOf(grant), grant.project.timezone]));
}

/** Where a subject stands in its project's schedule. */
export function placeOf(subject: Subject): string {
  if (subject.kind === "saved") return `saved/${subject.name}`;
  const digest = hash("sha256", JSON.stringify([subject.name, subject.index]));
  return `dataset/${Number.parseInt(digest.slice(0, 8), 16) % DATASET_PLACES}`;
}
