import type { Json, JsonObject } from "@millrace/core";
import type { Enrichment } from "../enrichment.ts";

/** What an add-on computes: a pure function of the values its inputs name. */
export interface Addon {
  /** Parameters it reads, each the dotted path of a property. */
  readonly inputs: readonly string[];
  readonly run: (values: Readonly<Record<string, Json>>, enrichment: Enrichment) => JsonObject;
}

/** The value as text; undefined for anything else, and for empty text. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
