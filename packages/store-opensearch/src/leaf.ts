/**
 * Field names of properties. A property's whole path becomes one leaf under its kind (`p_s.price`), so that a property and an
 * object of the same name never meet: OpenSearch would read a `.` as nesting, and a `*` as a pattern in `exists` and aggregations.
 * `~` is the escape: `~0` is `~`, `~1` is `.`, `~2` is `*`; a path of blanks only, which OpenSearch refuses, begins with `~3`.
 */
const SPECIAL = /[~.*]/g;
const ESCAPES: Readonly<Record<string, string>> = { "~": "~0", ".": "~1", "*": "~2" };

/** The leaf of a dotted path. Different paths never have the same leaf. */
export function leafName(path: string): string {
  if (path.trim() === "") return `~3${path}`;
  return path.replace(SPECIAL, (char) => ESCAPES[char] as string);
}
