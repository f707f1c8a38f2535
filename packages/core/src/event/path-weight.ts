import { isObject } from "../values/json.ts";

/**
 * How many characters the paths of properties have beyond the names that they are made of: `{"a":{"b":1,"c":2}}` is kept as `a.b` and `a.c`, so `a.`
 * is there twice. A thousand values under one long name are half a megabyte of paths in an event of seven kilobytes.
 */
export function pathWeight(properties: unknown, prefix = 0): number {
  if (!isObject(properties)) return 0;
  let chars = 0;
  for (const [name, value] of Object.entries(properties)) {
    chars += isObject(value) ? pathWeight(value, prefix + name.length + 1) : prefix;
  }
  return chars;
}
