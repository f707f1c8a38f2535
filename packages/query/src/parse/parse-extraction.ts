import {
  MillraceError,
  STANDARD_FIELDS,
  type ExtractionQuery,
  type Json,
  type JsonObject,
  type EventSet,
} from "@millrace/core";
import { check, quotable } from "./check.ts";
import { WIRE } from "./wire.ts";

const NOT_HERE = ["interval", "group_by", "order_by", "limit"] as const;
const MAILED = ["email", "email_address"] as const;

/**
 * `content_type` is the answer's form and is read where that is made (http/form.ts). `content_encoding` was Keen's compression of files
 * sent by e-mail; answers are compressed as `Accept-Encoding` says, so it changes nothing.
 * @throws MillraceError for parameters that an extraction cannot honour; `UnsupportedQueryError` for extraction by e-mail
 */
export function parseExtraction(raw: JsonObject, base: EventSet): ExtractionQuery {
  for (const name of NOT_HERE) {
    if (raw[name] !== undefined)
      throw new MillraceError("InvalidParameterError", `${name} is not possible with extraction.`);
  }
  for (const name of MAILED) {
    if (raw[name] !== undefined) throw notMailed(name);
  }
  const standard = raw["standard_fields"];
  return {
    ...base,
    kind: "extraction",
    ...(raw["latest"] !== undefined && { latest: check(WIRE.latest, raw["latest"], "latest") }),
    ...(raw["property_names"] !== undefined && { propertyNames: parseNames(raw["property_names"]) }),
    ...(standard !== undefined && { standardFields: check(WIRE.standard_fields, standard, "standard_fields") }),
  };
}

function notMailed(parameter: string): MillraceError {
  return new MillraceError(
    "UnsupportedQueryError",
    `${parameter} is not possible: nothing is sent by e-mail, by decision. Leave it out, and the rows are the answer: as JSON, or with content_type as text/csv or application/vnd.apache.parquet.`,
  );
}

function parseNames(raw: Json): string[] {
  const names = [check(WIRE.property_names, raw, "property_names")].flat();
  if (names.length === 0) throw new MillraceError("InvalidParameterError", "property_names must name at least one.");
  const unknown = names.find((name) => name.startsWith("$") && !isStandard(name));
  if (unknown === undefined) return names;
  throw new MillraceError("InvalidParameterError", `property_names: "${quotable(unknown)}" is not a standard field.`);
}

/** A standard field, or the object several of them are in, such as `$page`. */
function isStandard(name: string): boolean {
  return STANDARD_FIELDS.some((field) => field.name === name || field.name.startsWith(`${name}.`));
}
