import type { Json, JsonObject } from "@millrace/core";

/** Names of what opens a door, in whatever spelling: `readKey`, `api_key`, `secretHash`. */
const SECRET = /(?:key|secret|password|token|hash|cookie)$/i;
/** A description of a change, not the thing: what is longer is cut, and says so. */
const MOST_CHARS = 4_000;

/**
 * What of a thing may stand in the audit log: the values of secrets are replaced, by name, at any depth. A log is read by more
 * people than may use a key, and is kept for longer.
 */
export function withoutSecrets(value: JsonObject): JsonObject {
  const clean = cleaned(value) as JsonObject;
  const chars = JSON.stringify(clean).length;
  return chars <= MOST_CHARS ? clean : { cut: true, characters: chars };
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return value.map(cleaned);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typeof each === "string" && SECRET.test(name) ? "…" : cleaned(each),
    ]),
  );
}
