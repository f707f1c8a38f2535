import type { Json, JsonObject } from "../../values/json.ts";
import { compareValues } from "../../values/value.ts";
import type { PathLink, PathsResult, PathPlace } from "./result.ts";

/** One row a link, step by step, the most frequent first; `sessions` is how many paths there are. */
export function shapePaths({ links }: PathsResult): { result: Json; sessions: number } {
  const rows = links.toSorted((a, b) => a.step - b.step || b.sessions - a.sessions || comparePlaces(a, b));
  const begun = links.filter(({ step }) => step === 1);
  return {
    result: rows.map(({ step, from, to, sessions }) => ({
      step,
      from: shapePlace(from),
      to: shapePlace(to),
      result: sessions,
    })),
    sessions: begun.reduce((sum, { sessions }) => sum + sessions, 0),
  };
}

function shapePlace(place: PathPlace): JsonObject {
  return typeof place === "string" ? { [place]: true } : { value: place.value };
}

function comparePlaces(a: PathLink, b: PathLink): number {
  return comparePlace(a.from, b.from) || comparePlace(a.to, b.to);
}

/** Values in their order, then the others, then the end. */
function comparePlace(a: PathPlace, b: PathPlace): number {
  if (typeof a === "object" && typeof b === "object") return compareValues(a.value, b.value);
  const rank = (place: PathPlace) => (typeof place === "object" ? 0 : place === "other" ? 1 : 2);
  return rank(a) - rank(b);
}
