import type { DefinitionAnswer } from "@millrace/client";
import { decodeFilter, encodeFilter, type PageFilter } from "../state/filters.ts";
import { isListOf, isText, readSpec } from "./spec.ts";

/** Filters under a name, for everybody in the project. */
export interface Segment {
  readonly name: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly filters: readonly PageFilter[];
  readonly version: number;
}

/** More cannot be read at a glance, and an address has an end. */
const MOST_FILTERS = 20;
const none: readonly string[] = [];
const EMPTY = { about: "", filters: none };
const MEMBERS = { about: isText, filters: isListOf(isText, MOST_FILTERS) };

export function segmentOf({ name, title, content, version }: DefinitionAnswer): Segment {
  const { about, filters } = readSpec(JSON.stringify(content), EMPTY, MEMBERS);
  return { name, title, about, filters: filters.flatMap((text) => decodeFilter(text) ?? []), version };
}

/** As it is kept, over the version that was read; 0 for a new one. Filters are texts, as in the address. */
export function asDefinition({ title, about, filters, version }: Omit<Segment, "name">) {
  return { title, content: { about, filters: filters.map(encodeFilter) }, version };
}

/** True when all of its filters are on. */
export function isOn({ filters }: Segment, on: readonly PageFilter[]): boolean {
  const texts = new Set(on.map(encodeFilter));
  return filters.length > 0 && filters.every((filter) => texts.has(encodeFilter(filter)));
}

/** Adds its filters to those that are on; where all of them are, takes them away: a second click undoes the first. */
export function toggleSegment(segment: Segment, on: readonly PageFilter[]): PageFilter[] {
  const own = new Set(segment.filters.map(encodeFilter));
  const others = on.filter((filter) => !own.has(encodeFilter(filter)));
  return isOn(segment, on) ? others : [...others, ...segment.filters];
}
