import type { Json, Table } from "@millrace/core";

/**
 * A table as CSV (RFC 4180): a line of names, CRLF, text in quotes where it needs them. A leaf that is missing or null is an empty cell;
 * arrays are JSON. Text that a spreadsheet would run as a formula begins with an apostrophe; numbers never do.
 */
export function csvOf({ columns, rows }: Table): string {
  const lines = [columns.map(({ name }) => cell(name)).join(",")];
  for (let i = 0; i < rows; i++) lines.push(columns.map(({ values }) => cell(values[i])).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** OWASP's list: what a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return quoted(typeof value === "object" ? JSON.stringify(value) : String(value));
  return quoted(FORMULA.test(value) ? `'${value}` : value);
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
