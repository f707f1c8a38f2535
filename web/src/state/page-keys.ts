import { intervalsFor } from "./interval.ts";
import { usePage } from "./page.tsx";
import { RANGES, stepRange } from "./ranges.ts";
import { useKeys, type KeyMap } from "./use-keys.ts";

interface Actions {
  /** False where the page is about no range. */
  readonly ranged: boolean;
  readonly openRange: () => void;
  readonly openHelp: () => void;
}

/** The page's single keys: ranges by letter, arrows, I, X, /, Esc and ?. */
export function usePageKeys({ ranged, openRange, openHelp }: Actions): void {
  const { search, update, period, by, now } = usePage();
  const ranges = RANGES.map((range): [string, () => void] => [
    range.key,
    range.name === "custom"
      ? openRange
      : () => update({ range: range.name, from: undefined, to: undefined, by: undefined }),
  ]);
  const step = (steps: -1 | 1) => () => {
    const next = search.range === "all" ? undefined : stepRange(search.range, period, steps, now);
    if (next) update({ ...next, by: undefined });
  };
  const nextInterval = () => {
    const fitting = intervalsFor(period);
    update({ by: fitting[(fitting.indexOf(by) + 1) % fitting.length] });
  };
  const ofRange: KeyMap = {
    ...Object.fromEntries(ranges),
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    I: nextInterval,
    X: () => update({ compare: search.compare === "off" ? "previous" : "off" }),
    "/": () => update({ more: search.pages }),
    Escape: () => search.filters.length > 0 && update({ filters: [] }),
  };
  useKeys({ ...(ranged && ofRange), "?": openHelp });
}
