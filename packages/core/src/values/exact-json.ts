/** A number of 16 digits or more that does not stand behind a decimal point. Text may look like it too: then the parser decides. */
const LONG_INTEGER = /(?:^|[\s:,[-])(\d{16,})/g;

/**
 * `JSON.parse`, but an integer whose digits a double cannot give back (most beyond 2^53: ids of tweets, bank transfers, Snowflake)
 * is a `bigint`, so that whoever takes the value can refuse it instead of keeping another number. Nothing else of the answer is one.
 *
 * Looking for such digits costs a fifth of the parsing; only a text that has them is parsed with a reviver, six times slower.
 * @throws SyntaxError as `JSON.parse`
 */
export function parseExactJson(text: string): unknown {
  for (const [, digits = ""] of text.matchAll(LONG_INTEGER)) {
    if (!isKept(digits)) return JSON.parse(text, inexactAsBigint as Parameters<typeof JSON.parse>[1]);
  }
  return JSON.parse(text);
}

/** The reviver's third parameter (ECMAScript's JSON.parse source text access) has the text of a primitive value; no other value has one. */
function inexactAsBigint(_name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  const digits = String(source);
  return !/^-?\d{16,}$/.test(digits) || isKept(digits) ? value : BigInt(digits);
}

function isKept(integer: string): boolean {
  return String(Number(integer)) === integer;
}
