import { listen, ofDocument } from "../dom.ts";
import type { Part } from "../kit.ts";

interface Entry extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly interactionId: number;
}

/**
 * Core Web Vitals of the load, once, when the page is first hidden: `lcp`, `inp`, `fcp` and `ttfb` in milliseconds, `cls` without a unit. A
 * value that the browser cannot tell is left out, as is `inp` where nobody touched the page.
 */
export const vitals: Part = (kit) => () => {
  if (!kit._wants("vitals")) return;
  const { _measure } = kit;
  const interactions = new Map<number, number>();
  const p: Record<string, number> = {};
  let shifts = 0;
  let first = 0;
  let last = 0;
  let told = false;

  const [load] = performance.getEntriesByType("navigation") as (PerformanceNavigationTiming & {
    activationStart?: number;
  })[];
  // A prerendered page begins for its visitor when it is shown.
  const start = load?.activationStart ?? 0;
  const since = (time: number) => Math.max(0, Math.round(time - start));

  const observe = (type: string, each: (entry: Entry) => void) => {
    const observer = new PerformanceObserver((list) => (list.getEntries() as Entry[]).forEach(each));
    observer.observe({ type, buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
    return () => (observer.takeRecords() as Entry[]).forEach(each);
  };
  const flush = [
    observe("paint", ({ name, startTime }) => {
      if (name.endsWith("l-paint")) p["fcp"] = since(startTime);
    }),
    observe("largest-contentful-paint", ({ startTime }) => (p["lcp"] = since(startTime))),
    observe("layout-shift", ({ value, startTime, hadRecentInput }) => {
      if (hadRecentInput) return;
      // The worst burst of shifts that are less than a second apart, five seconds at most.
      shifts = startTime - last < 1000 && startTime - first < 5000 ? shifts + value : ((first = startTime), value);
      last = startTime;
      p["cls"] = Math.max(p["cls"] ?? 0, shifts);
    }),
    observe("event", ({ interactionId, duration }) => {
      if (interactionId) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    }),
  ];

  const report = () => {
    if (told) return;
    flush.forEach((take) => take());
    if (load) p["ttfb"] = since(load.responseStart);
    // One in fifty interactions may be an outlier.
    const slowest = [...interactions.values()].sort((a, b) => b - a)[Math.floor(interactions.size / 50)];
    if (slowest) p["inp"] = slowest;
    kit._record("web_vitals", { p });
    told = true;
  };
  // Before the tracker's own listener, so that all goes in one request: some browsers hide a page that is left only after that.
  listen("pagehide", report);
  kit._measure = () => {
    if (ofDocument("visibilityState") === "hidden") report();
    return _measure();
  };
};
