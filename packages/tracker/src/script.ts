// The script tag: <script defer src="https://HOST/t.js" data-key="WRITE_KEY"></script>
import type { Auto, Millrace } from "./api.ts";
import { safely } from "./safe.ts";
import { AUTO, createTracker } from "./tracker.ts";

/** What a page may put under the global name before the script has loaded: calls, as [method, …arguments]. */
interface Stub {
  q?: [method: keyof Millrace, ...args: unknown[]][];
}

safely(() => {
  // Only set while a classic script runs for the first time, so it must be read at once.
  const { dataset, src } = document.currentScript as HTMLScriptElement;
  const name = dataset["global"] ?? "millrace";
  const globals = window as unknown as Record<string, (Millrace & Stub) | Stub | undefined>;
  const stub = globals[name];
  // A tracker is there already: the tag is on the page twice, and every view would count twice.
  if (stub && !stub.q) return;
  const key = dataset["key"];
  if (!key) throw new Error("data-key is missing");
  const tracker = createTracker({
    key,
    // Beside the script, so that a proxy that serves both under a path of its own needs no further setting.
    endpoint: new URL(dataset["endpoint"] ?? "v1/e", src).href,
    auto: dataset["auto"]?.split(",").map((item) => item.trim() as Auto) ?? AUTO,
  });
  globals[name] = tracker;
  for (const [method, ...args] of stub?.q ?? []) {
    safely(() => (tracker[method] as (...args: unknown[]) => unknown)(...args));
  }
});
