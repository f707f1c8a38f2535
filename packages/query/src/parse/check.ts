import { MillraceError, type ErrorCode } from "@millrace/core";
import type { z } from "zod";

/**
 * The value as the schema reads it.
 * @param path where it stood in the request, such as `filters[2]`; the message starts with it
 * @throws MillraceError `code` with the place and what is allowed; `MissingParameterError` when there is nothing at all
 */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: string,
  code: ErrorCode = "InvalidParameterError",
): z.output<S> {
  if (value === undefined) throw new MillraceError("MissingParameterError", `${path} is required.`);
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new MillraceError(code, `${path}${placeOf(issue?.path ?? [])}: ${issue?.message ?? "is not valid"}.`);
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === "number" ? `[${part}]` : `.${quotable(String(part))}`)).join("");
}

/** Caller's text in a message: short, so that an answer never repeats a whole input. */
export function quotable(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
