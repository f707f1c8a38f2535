import { lazy, useLayoutEffect, useState, type ComponentType } from "react";

/** Resolves when what is drawn now is on the screen; at once in a hidden tab, which paints nothing. */
export function painted(): Promise<void> {
  if (document.visibilityState === "hidden") return Promise.resolve();
  // The callback of a frame comes before its paint, the task after it behind.
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** A part whose code is asked for when what is drawn without it has been seen: to load and to run it keeps a slow machine from the numbers. */
export function lazyAfterPaint<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() => painted().then(load));
}

/**
 * Whether what is drawn first has been seen.
 * @param waits false where that holds nothing worth waiting for
 */
export function useAfterPaint(waits: boolean): boolean {
  const [seen, setSeen] = useState(!waits);
  useLayoutEffect(() => {
    if (!seen) void painted().then(() => setSeen(true));
  }, [seen]);
  return seen;
}
