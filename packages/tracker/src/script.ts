// What the script tag runs: <script defer src="https://HOST/t.js" data-key="WRITE_KEY"></script>
import type { Millrace, Options } from "./api.ts";
import { ofDocument } from "./dom.ts";
import type { Part } from "./kit.ts";
import { safely, warn } from "./safe.ts";
import { createTracker } from "./tracker.ts";

/** What a page may put under the global name before the script has loaded: settings, and calls as [method, …arguments]. */
type Stub = Partial<Options> & { q?: [method: keyof Millrace, ...args: unknown[]][]; track?: unknown };

/** Starts the tracker that a tag, or a stub without one, asks for. */
export function start(parts: readonly Part[]): void {
  safely(() => {
    // Only set while a classic script runs. Modules, tag managers and loaders leave the tag itself, or what the stub says.
    const tag = (ofDocument("currentScript") ?? document.querySelector("script[data-key]")) as HTMLScriptElement | null;
    const globals = window as unknown as Record<string, object | undefined>;
    const name = tag?.dataset["global"] ?? "millrace";
    // Of its own properties alone: an element with this id stands there too, with its fields for properties.
    const settings: Stub = { ...(tag?.dataset as Stub), ...globals[name] };
    const { q } = settings;
    // A tracker is there already: the tag is on the page twice, and every view would count twice.
    if (settings.track && !q) return warn(name, "taken");
    if (!settings.key) return warn("no data-key");
    // Beside the script, so that a proxy that serves both under a path of its own needs no further setting.
    settings.endpoint = new URL(settings.endpoint ?? "v1/e", tag?.src).href;
    const tracker = createTracker(settings as Options, parts);
    globals[name] = tracker;
    for (const [method, ...args] of q ?? []) {
      safely(() => (tracker[method] as (...args: unknown[]) => unknown)(...args));
    }
  });
}
