import type { Fields, Json } from "./grpc.ts";

const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi's property values as plain ones: a secret is its value; what is null is left out. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (value[MARK] === SECRET) return plain(value["value"] ?? null);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, plain(inner)]])),
  );
}

/** An input in which every reading leaves a trace, so that a property which the stand-in overlooks is an error and not a gap. */
export interface Traced {
  readonly fields: Fields;
  /** Paths of all values that were never read, such as `origins.0.s3OriginConfig`. */
  readonly unread: () => string[];
}

export function traced(fields: Record<string, Json>): Traced {
  const seen = new Set<string>();
  return {
    fields: watch(fields, "", seen) as Fields,
    unread: () => leaves(fields, "").filter((path) => !seen.has(path)),
  };
}

function watch(value: Json, path: string, seen: Set<string>): Json {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== "string" || !Object.hasOwn(target, key) || (Array.isArray(target) && key === "length"))
        return inner;
      const at = path === "" ? key : `${path}.${key}`;
      seen.add(at);
      return watch(inner as Json, at, seen);
    },
  });
}

function leaves(value: Json, path: string): string[] {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return path === "" ? [] : [path];
  return entries.flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/** The value at a path; undefined where something is missing. */
export function at(value: Json | Fields | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string | number, Json>)[key] : undefined,
    value as Json | undefined,
  );
}

/** A property that must be a string. @throws Error naming it */
export function text(fields: Json | Fields | undefined, ...path: readonly (string | number)[]): string {
  const value = at(fields, ...path);
  if (typeof value !== "string") throw new Error(`${path.join(".")} is no string: ${JSON.stringify(value)}`);
  return value;
}

/** A scalar as text. @throws Error for a structure, a list or nothing */
export function scalar(value: Json | undefined): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw new Error(`${JSON.stringify(value)} is no scalar.`);
  return String(value);
}

/** A list of structures; empty when it is missing. */
export function list(value: Json | undefined): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}

/** `{ fooBar: 1 }` as `{ FooBar: 1 }`, at every depth: how most of AWS's services spell what the provider spells in camel case. */
export function pascal(value: Json | Fields | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((inner: Json) => pascal(inner) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[`${key[0]?.toUpperCase()}${key.slice(1)}`, pascal(inner) ?? null]],
    ),
  );
}

/** CloudFront's lists. */
export function counted(items: Json | undefined): { [key: string]: Json } {
  const values = Array.isArray(items) ? [...items] : [];
  return values.length === 0 ? { Quantity: 0 } : { Quantity: values.length, Items: values };
}

/** A list of texts; empty when there is none. */
export const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
