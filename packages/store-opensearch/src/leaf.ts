/**
 * Field names of properties. A property's whole path becomes one leaf under its kind (`p_s.price`), so that a property and an
 * object of the same name never meet: OpenSearch would read a `.` as nesting, and a `*` as a pattern in `exists` and aggregations.
 * `~` is the escape: `~0` is `~`, `~1` is `.`, `~2` is `*`; a path of blanks only, which OpenSearch refuses, begins with `~3`.
 */
const SPECIAL = /[~.*]/g;
const ESCAPES: Readonly<Record<string, string>> = { "~": "~0", ".": "~1", "*": "~2" };
const ESCAPED = /~[0-3]/g;
const ORIGINALS: Readonly<Record<string, string>> = { "~0": "~", "~1": ".", "~2": "*", "~3": "" };

/** Leaves made lately: a writer asks for every property of every event, and they are nearly always the same few hundred. */
const lately = new Map<string, string>();
const LATELY = 20_000;

/** The leaf of a dotted path. Different paths never have the same leaf. */
export function leafName(path: string): string {
  const known = lately.get(path);
  if (known !== undefined) return known;
  const leaf = path.trim() === "" ? `~3${path}` : path.replace(SPECIAL, (char) => ESCAPES[char] as string);
  if (lately.size >= LATELY) lately.clear();
  lately.set(path, leaf);
  return leaf;
}

/** The dotted path of a leaf. */
export function pathOfLeaf(leaf: string): string {
  return leaf.replace(ESCAPED, (escape) => ORIGINALS[escape] as string);
}
