import { useQuery } from "@tanstack/react-query";
import { boundsOf } from "../questions/bounds.ts";
import { seriesOf } from "../questions/totals.ts";
import { usePage } from "../state/page.tsx";
import { dateOf } from "../state/wall.ts";

/**
 * The project's first day with events, where the comparison reaches behind it; else undefined. Before it "nothing happened" and "nothing
 * was recorded yet" look alike: a line at zero would be said to have been measured, and every change would be a leap. It is asked for
 * only when the earlier period begins with nothing.
 */
export function useBeginning(): string | undefined {
  const { access, ask, by, collections, comparison, now } = usePage();
  const earlier = useQuery({
    ...seriesOf({ ...ask, period: comparison?.full ?? ask.period }, by, false),
    enabled: comparison !== undefined,
  });
  const empty = comparison !== undefined && earlier.data?.[0]?.totals.events === 0;
  const bounds = useQuery({ ...boundsOf(access, collections, dateOf(now)), enabled: empty });
  const first = bounds.data?.first;
  return empty && first !== undefined && first > comparison.full.start ? first : undefined;
}
