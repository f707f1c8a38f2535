import { isObject, MillraceError, type Json, type JsonObject, type KeenAddon } from "@millrace/core";

/**
 * Puts a key's autofill over an event, in place. Its values win wherever both have one: whoever has the key must not be able to say
 * something else (G5). Objects are merged; of `keen.addons` both lists stay, the event's first.
 * @param event as it was sent: its object is changed, the autofill never
 */
export function fill(event: JsonObject, autofill: JsonObject): void {
  for (const [name, value] of Object.entries(autofill)) {
    const own = Object.hasOwn(event, name) ? event[name] : undefined;
    if (isObject(value) && isObject(own)) fill(own, value);
    else if (name === "addons" && Array.isArray(value) && Array.isArray(own))
      set(event, name, [...own, ...copy(value)]);
    else set(event, name, copy(value));
  }
}

/** Every name is a name, `__proto__` too. */
function set(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Events are cleaned in place, and the autofill is every event's. */
function copy<Value extends Json>(value: Value): Value {
  return structuredClone(value);
}

/**
 * Add-ons run when the event is stored and may write into objects that are there, or take a property out. Not where the autofill is.
 * @throws MillraceError `InvalidPropertyValueError` naming the add-on and the property
 */
export function keepFilled(addons: readonly KeenAddon[], autofill: JsonObject): void {
  const filled = leavesOf(autofill);
  for (const { name, input, output } of addons) {
    const touched = [output, ...(input["remove_ip_property"] === true ? [String(input["ip"])] : [])];
    const lost = filled.find((leaf) => touched.some((path) => isWithin(leaf, path) || isWithin(path, leaf)));
    if (lost === undefined) continue;
    throw new MillraceError(
      "InvalidPropertyValueError",
      `Add-ons: ${name} would change "${lost.slice(0, 60)}", which the key fills in.`,
    );
  }
}

function leavesOf(object: JsonObject, prefix = ""): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const path = prefix + name;
    return isObject(value) && Object.keys(value).length > 0 ? leavesOf(value, `${path}.`) : [path];
  });
}

function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`);
}
