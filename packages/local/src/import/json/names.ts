import { isObject, type Json, type JsonObject } from "@millrace/core";

/**
 * Makes the names of another product's export ones that an event may have: `geo.country` becomes an object, and the `$` that
 * PostHog and Mixpanel put before their own names goes. Where that would meet another property, both stay: the later one gets
 * `_` at its end.
 * @param renamed told of each name that was changed, as it was
 */
export function admissibleNames(value: JsonObject, renamed: (name: string) => void): JsonObject {
  const result: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const plain = valueOf(inner, renamed);
    const path = pathOf(name);
    if (path.length !== 1 || path[0] !== name) renamed(name);
    put(result, path, plain);
  }
  return result;
}

function valueOf(value: Json, renamed: (name: string) => void): Json {
  if (Array.isArray(value)) return value.map((element) => valueOf(element, renamed));
  return isObject(value) ? admissibleNames(value, renamed) : value;
}

function pathOf(name: string): string[] {
  const parts = name
    .split(".")
    .map((part) => part.replace(/^\$+/, ""))
    .filter((part) => part !== "");
  return parts.length === 0 ? ["_"] : parts;
}

function put(into: JsonObject, path: readonly string[], value: Json): void {
  const [first = "_", ...rest] = path;
  const there = Object.hasOwn(into, first) ? into[first] : undefined;
  if (rest.length > 0) {
    const inner = isObject(there) ? there : {};
    put(inner, rest, value);
    define(into, there === undefined || isObject(there) ? first : free(into, first), inner);
    return;
  }
  if (isObject(there) && isObject(value)) for (const [name, inner] of Object.entries(value)) put(there, [name], inner);
  else define(into, there === undefined ? first : free(into, first), value);
}

/** `__proto__` is a name like any other here, and must not become the object's prototype. */
function define(into: JsonObject, name: string, value: Json): void {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

function free(into: JsonObject, name: string): string {
  let candidate = `${name}_`;
  while (Object.hasOwn(into, candidate)) candidate += "_";
  return candidate;
}
