import type { Context } from "./request.ts";

const VARIABLE = /\$\{([^},]+)(?:,\s*'([^']*)')?\}/g;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * The value of a policy variable (`${aws:PrincipalAccount}`, with or without a default). `${*}`, `${?}` and `${$}` are the characters
 * themselves. Undefined when the request has no such key: whatever holds the variable then matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function valueOf(name: string, fallback: string | undefined, context: Context): string | undefined {
  if (name === "*" || name === "?" || name === "$") return name;
  const values = context.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}

/** Literal text (also what a variable stands for) and wildcards, in turn. Undefined when a variable has no value. */
function partsOf(pattern: string, context: Context): { text: string; literal: boolean }[] | undefined {
  const parts: { text: string; literal: boolean }[] = [];
  let at = 0;
  for (const match of pattern.matchAll(VARIABLE)) {
    const value = valueOf(match[1] ?? "", match[2], context);
    if (value === undefined) return undefined;
    parts.push({ text: pattern.slice(at, match.index), literal: false }, { text: value, literal: true });
    at = match.index + match[0].length;
  }
  return [...parts, { text: pattern.slice(at), literal: false }];
}

/** The text of a value without wildcards, its variables replaced; undefined when one of them has no value. */
export function literal(pattern: string, context: Context): string | undefined {
  return partsOf(pattern, context)
    ?.map(({ text }) => text)
    .join("");
}

/** True when the whole text matches a pattern of IAM: `*` is any number of characters, `?` is one. Case matters unless told. */
export function matches(pattern: string, text: string, context: Context, ignoreCase = false): boolean {
  const parts = partsOf(pattern, context);
  if (!parts) return false;
  const source = parts.map((part) =>
    part.literal
      ? escaped(part.text)
      : part.text
          .replace(/[^*?]+/g, escaped)
          .replaceAll("*", ".*")
          .replaceAll("?", "."),
  );
  return new RegExp(`^${source.join("")}$`, ignoreCase ? "is" : "s").test(text);
}
