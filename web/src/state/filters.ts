import type { Filter } from "@millrace/client";

/**
 * Filters of the page, one URL parameter `f` each: `f=country:DE` is, `f=country!:DE` is not, `f=country` has none (null).
 * The name before the colon is short for a standard field, or a dotted property path.
 */
export interface PageFilter {
  readonly field: string;
  readonly op: "is" | "isnt";
  /** Null: the event has no value there. */
  readonly value: string | number | boolean | null;
}

/** Short names of the dimensions the panels show. Labels are what a chip says. */
const DIMENSIONS = [
  { short: "page", field: "$page.path", label: "Page" },
  { short: "channel", field: "$channel", label: "Channel" },
  { short: "source", field: "$source", label: "Source" },
  { short: "campaign", field: "$utm.campaign", label: "Campaign" },
  { short: "country", field: "$geo.country", label: "Country" },
  { short: "device", field: "$device", label: "Device" },
  { short: "browser", field: "$browser.name", label: "Browser" },
  { short: "os", field: "$os.name", label: "System" },
  { short: "event", field: "$collection", label: "Event" },
] as const;

export function dimensionLabel(field: string): string {
  return DIMENSIONS.find((d) => d.field === field)?.label ?? field;
}

/** Keen's filter for a page filter. */
export function keenFilter(filter: PageFilter): Filter {
  return { property_name: filter.field, operator: filter.op === "is" ? "eq" : "ne", property_value: filter.value };
}

/** Text after `f=`. Strings that could be read as something else are quoted as JSON. */
export function encodeFilter(filter: PageFilter): string {
  const name = DIMENSIONS.find((d) => d.field === filter.field)?.short ?? encodeName(filter.field);
  const bang = filter.op === "isnt" ? "!" : "";
  return filter.value === null ? `${name}${bang}` : `${name}${bang}:${encodeValue(filter.value)}`;
}

/** Reads what {@link encodeFilter} wrote; undefined for text that is no filter, so that a mangled link still opens. */
export function decodeFilter(text: string): PageFilter | undefined {
  const match = /^([^:!]+)(!?)(?::([\s\S]*))?$/.exec(text);
  if (!match?.[1]) return undefined;
  const name = match[1];
  const field = DIMENSIONS.find((d) => d.short === name)?.field ?? decodeName(name);
  if (field === undefined) return undefined;
  return { field, op: match[2] === "!" ? "isnt" : "is", value: match[3] === undefined ? null : decodeValue(match[3]) };
}

/** Adds the filter, or takes it away when it is there already: the second click on a row undoes the first. */
export function toggleFilter(filters: readonly PageFilter[], filter: PageFilter): PageFilter[] {
  const text = encodeFilter(filter);
  const without = filters.filter((f) => encodeFilter(f) !== text);
  if (without.length < filters.length) return without;
  // Two "is" on one field can never both hold; the later choice is what is meant.
  const compatible = filter.op === "is" ? without.filter((f) => f.field !== filter.field || f.op !== "is") : without;
  return [...compatible, filter];
}

/** A property may be called anything: `:` and `!` end a name here, and a dot tells a property `country` from the dimension. */
function encodeName(field: string): string {
  const dot = DIMENSIONS.some((d) => d.short === field) ? "." : "";
  return dot + encodeURIComponent(field).replaceAll("!", "%21");
}

function decodeName(name: string): string | undefined {
  try {
    return decodeURIComponent(name.replace(/^\./, ""));
  } catch {
    return undefined;
  }
}

function encodeValue(value: string | number | boolean): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return looksTyped(value) ? JSON.stringify(value) : value;
}

function decodeValue(text: string): string | number | boolean {
  if (!looksTyped(text)) return text;
  const value: unknown = JSON.parse(text);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : text;
}

/** True for text that is JSON of a number, boolean or string. */
function looksTyped(text: string): boolean {
  if (!/^(true|false|-?\d|")/.test(text)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value !== "object";
  } catch {
    return false;
  }
}
