import { MillraceError } from "../error.ts";
import type { Field } from "./field.ts";
import type { Resolver } from "./resolve-field.ts";

/**
 * A field whose value names something (who acted, what was looked at) and is compared by equality alone.
 * @param use the parameter, for errors and notes
 * @throws MillraceError for a standard field that names nothing: a time, or a list
 */
export function planActor(name: string, use: string, fields: Resolver): Field {
  const field = fields.typed(fields.resolve(name), use);
  if (field.kind === "standard" && (field.type === "datetime" || field.type === "strings")) {
    const what = field.type === "datetime" ? "a time" : "a list";
    throw new MillraceError("InvalidParameterError", `${use} needs a text, a number or a boolean; ${name} is ${what}.`);
  }
  return field;
}
