import type { EventMap, Millrace, Options } from "./api.ts";
import { createTracker } from "./tracker.ts";

export type { Auto, EventMap, Millrace, Options, Properties } from "./api.ts";

/**
 * Starts the tracker from a bundle; call it once per page load. `Events` types {@link Millrace.track} for the project.
 * Outside a browser (server-side rendering) it throws a ReferenceError: call it in code that only runs in the browser.
 */
export function init<Events extends EventMap = EventMap>(options: Options): Millrace<Events> {
  return createTracker(options) as Millrace<Events>;
}
