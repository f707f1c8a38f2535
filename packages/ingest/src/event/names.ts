import { LIMITS, MillraceError } from "@millrace/core";

/** Printable ASCII without `$`. */
const COLLECTION = /^[\x20-\x23\x25-\x7e]+$/;

/**
 * Keen's rules for collection names: ASCII, no `$`, no `_` in front, no `.` at either end, not blank, up to 256 characters (as its
 * clients allow; its documentation said 64). Blanks, dots and slashes inside are legal.
 * @throws MillraceError `InvalidCollectionNameError`
 */
export function checkCollectionName(name: string): string {
  const problem = collectionProblem(name);
  if (problem === undefined) return name;
  throw new MillraceError("InvalidCollectionNameError", `The collection name ${problem}.`, {
    context: { name: name.slice(0, LIMITS.collectionNameChars) },
  });
}

function collectionProblem(name: string): string | undefined {
  if (name.trim() === "") return "is blank";
  if (name.length > LIMITS.collectionNameChars) return `is longer than ${LIMITS.collectionNameChars} characters`;
  if (!COLLECTION.test(name)) return "may hold printable ASCII characters without $ only";
  if (name.startsWith("_")) return "starts with _";
  if (name.startsWith(".") || name.endsWith(".")) return "starts or ends with a dot";
  return undefined;
}

/**
 * Keen's rules for property names, at every level: 1 to 255 characters, no `$` in front (standard fields have it), no `.` (paths
 * have it), not blank.
 * @throws MillraceError `InvalidPropertyNameError`
 */
export function checkPropertyName(name: string): void {
  const problem = propertyProblem(name);
  if (problem === undefined) return;
  throw new MillraceError("InvalidPropertyNameError", `The property name "${name.slice(0, 60)}" ${problem}.`);
}

/** What of Keen's rules a name breaks, to be said behind it; undefined for a good one. */
export function propertyProblem(name: string): string | undefined {
  if (name.length > LIMITS.propertyNameChars) return `is longer than ${LIMITS.propertyNameChars} characters`;
  if (name.startsWith("$")) return "starts with $";
  if (name.includes(".")) return "holds a dot";
  if (name.trim() === "") return "is blank";
  return undefined;
}

/**
 * Names on every level, with a dot between them, are one path: what is kept of it in the mapping of every node is shared with others.
 * @throws MillraceError `InvalidPropertyNameError`
 */
export function checkPathLength(chars: number, name: string): void {
  if (chars <= LIMITS.propertyPathChars) return;
  const problem = `ends a path of more than ${LIMITS.propertyPathChars} characters, the names above it included`;
  throw new MillraceError("InvalidPropertyNameError", `The property name "${name.slice(0, 60)}" ${problem}.`);
}
