import type { EventMap, Millrace, Options } from "./api.ts";
import type { Part } from "./kit.ts";
import { clicks } from "./parts/clicks.ts";
import { elements } from "./parts/elements.ts";
import { hints } from "./parts/hints.ts";
import { navigation } from "./parts/navigation.ts";
import { createTracker } from "./tracker.ts";

export type { Auto, Draft, EventMap, Millrace, Options, Properties, Widget, WidgetOptions } from "./api.ts";
export type { Part } from "./kit.ts";
export { actions } from "./parts/actions.ts";
export { errors } from "./parts/errors.ts";
export { rules } from "./parts/rules.ts";
export { scroll } from "./parts/scroll.ts";
export { vitals } from "./parts/vitals.ts";
export { widgets } from "./parts/widgets.ts";

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
  return createTracker({ ...options }, [...BASIS, ...parts]) as Millrace<Events>;
}
