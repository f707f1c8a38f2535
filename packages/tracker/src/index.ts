import type { EventMap, Millrace, Options } from "./api.ts";
import type { Part } from "./kit.ts";
import { actions as actionsPart } from "./parts/actions.ts";
import { clicks } from "./parts/clicks.ts";
import { elements } from "./parts/elements.ts";
import { errors as errorsPart } from "./parts/errors.ts";
import { hints } from "./parts/hints.ts";
import { lacking } from "./parts/lacking.ts";
import { navigation } from "./parts/navigation.ts";
import { rules as rulesPart } from "./parts/rules.ts";
import { scroll as scrollPart } from "./parts/scroll.ts";
import { vitals as vitalsPart } from "./parts/vitals.ts";
import { widgets as widgetsPart } from "./parts/widgets.ts";
import { createTracker } from "./tracker.ts";
import { wordsLacking, type NamedPart } from "./words.ts";

export type { Auto, Draft, EventMap, Millrace, Options, Properties, Widget, WidgetOptions } from "./api.ts";
export type { Part } from "./kit.ts";

/** Which part of the table of words a part is. */
const names = new WeakMap<Part, NamedPart>();

/** The same part, by a name: `init` tells by it what it was not given, and a bundle still holds only what it is. */
function named(name: NamedPart, part: Part): Part {
  const same: Part = (kit) => part(kit);
  names.set(same, name);
  return same;
}

export const actions = /* @__PURE__ */ named("actions", actionsPart);
export const errors = /* @__PURE__ */ named("errors", errorsPart);
export const rules = /* @__PURE__ */ named("rules", rulesPart);
export const scroll = /* @__PURE__ */ named("scroll", scrollPart);
export const vitals = /* @__PURE__ */ named("vitals", vitalsPart);
export const widgets = /* @__PURE__ */ named("widgets", widgetsPart);

/** What the script `t.js` has, too. Those that look at elements come after `elements`. */
const BASIS: readonly Part[] = [navigation, hints, elements, clicks];

/**
 * Starts the tracker from a bundle; call it once per page load and project. `Events` types {@link Millrace.track} for the project.
 * Outside a browser (server-side rendering) it throws a ReferenceError: call it in code that only runs in the browser.
 * @param parts what it captures beside views, navigation, events, engaged time and clicks; a bundle holds only those it is given
 */
export function init<Events extends EventMap = EventMap>(
  options: Options,
  parts: readonly Part[] = [],
): Millrace<Events> {
  const given = ["clicks", ...parts.map((part) => names.get(part) ?? "")];
  return createTracker({ ...options }, [...BASIS, ...parts, lacking(wordsLacking(given))]) as Millrace<Events>;
}
