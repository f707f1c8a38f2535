import { useQuery } from "@tanstack/react-query";
import { boundsOf } from "../questions/bounds.ts";
import type { SeriesPoint } from "../questions/totals.ts";
import { usePage } from "../state/page.tsx";
import { dateOf } from "../state/wall.ts";

/**
 * The project's first day with events, asked for when an earlier period begins with nothing: there "nothing happened" and "nothing was
 * recorded yet" look alike, and a line at zero would be said to have been measured. Undefined while unknown.
 */
export function useBeginning(earlier: readonly SeriesPoint[] | undefined): string | undefined {
  const { access, collections, now } = usePage();
  const bounds = useQuery({
    ...boundsOf(access, collections, dateOf(now)),
    enabled: earlier?.[0]?.totals.events === 0,
  });
  return bounds.data?.first;
}
