import { isObject, type Json } from "./json.ts";

/** A list with more elements is made text one by one. */
const LONG = 100;

/**
 * The pieces of a value's JSON, to be joined: the text that `JSON.stringify` makes, which cannot pause in between. Elements of long lists
 * come one by one, wherever the lists are; anything else is short.
 */
export function* jsonPieces(value: Json): Generator<string> {
  if (!isLong(value)) {
    yield JSON.stringify(value);
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const element of value) {
      if (isLong(element)) {
        yield before;
        yield* jsonPieces(element);
      } else {
        yield before + JSON.stringify(element);
      }
      before = ",";
    }
    yield "]";
  } else {
    let before = "{";
    for (const [name, member] of Object.entries(value as Record<string, Json | undefined>)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* jsonPieces(member);
      before = ",";
    }
    yield "}";
  }
}

function isLong(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > LONG || value.some(isLong);
  if (!isObject(value)) return false;
  // Of each row of a large answer: without a list of its values this is a third of the time.
  for (const name in value) if (isLong(value[name])) return true;
  return false;
}
