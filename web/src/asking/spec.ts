/** Reads one member of a spec; undefined for what it cannot be. */
export type ReadMember<T> = (value: unknown) => T | undefined;
export type ReadMembers<T> = { readonly [Name in keyof T]-?: ReadMember<T[Name]> };

/**
 * Reads what a page asks from the address, `q={"events":["signups"]}`. What is missing or cannot be is as in `defaults`: an old or mangled
 * link still opens.
 */
export function readSpec<T extends object>(text: string | undefined, defaults: T, members: ReadMembers<T>): T {
  const given = objectOf(text);
  const read = { ...defaults };
  for (const name of Object.keys(members) as (keyof T)[]) {
    const value = members[name](given[name as string]);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** Writes a spec for the address: what differs from `defaults`, or nothing. */
export function writeSpec<T extends object>(spec: T, defaults: T): string | undefined {
  const other = Object.entries(spec).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name as keyof T]),
  );
  return other.length > 0 ? JSON.stringify(Object.fromEntries(other)) : undefined;
}

export const isText: ReadMember<string> = (value) => (typeof value === "string" ? value : undefined);
export const isFlag: ReadMember<boolean> = (value) => (typeof value === "boolean" ? value : undefined);

export function isOneOf<T extends string>(allowed: readonly T[]): ReadMember<T> {
  return (value) => allowed.find((each) => each === value);
}

export function isWhole(least: number, most: number): ReadMember<number> {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** A list of at most `most`; of its members, those that can be read. */
export function isListOf<T>(member: ReadMember<T>, most: number): ReadMember<readonly T[]> {
  return (value) => (Array.isArray(value) ? value.slice(0, most).flatMap((each) => member(each) ?? []) : undefined);
}

export function isObjectOf<T extends object>(defaults: T, members: ReadMembers<T>): ReadMember<T> {
  return (value) =>
    typeof value === "object" && value !== null ? readSpec(JSON.stringify(value), defaults, members) : undefined;
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
