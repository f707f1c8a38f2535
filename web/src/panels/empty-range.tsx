import { useQuery } from "@tanstack/react-query";
import { periodText } from "../format/date.ts";
import { rich, t } from "../language/words.ts";
import { boundsOf } from "../questions/bounds.ts";
import { totalsOf } from "../questions/totals.ts";
import { usePage } from "../state/page.tsx";
import { addDays, dateOf } from "../state/wall.ts";

/**
 * When the range holds nothing but the project does, says where the data is. Somebody who has just imported a log of years ago
 * would otherwise look at zeros and think that it failed.
 */
export function EmptyRange() {
  const { ask, access, collections, now, search, update, locale } = usePage();
  const totals = useQuery(totalsOf(ask));
  const empty = totals.data !== undefined && !totals.isPlaceholderData && totals.data.events === 0;
  const bounds = useQuery({ ...boundsOf(access, collections, dateOf(now)), enabled: empty && search.range !== "all" });
  if (!empty) return null;
  if (search.filters.length > 0) {
    return (
      <p className="notice" role="status">
        <span className="fill">{t("Nothing in this range matches the filters.")}</span>
        <button type="button" className="button small" onClick={() => update({ filters: [] })}>
          {t("Clear filters")}
        </button>
      </p>
    );
  }
  if (!bounds.data) return null;
  const { first, last } = bounds.data;
  const inside = first >= ask.period.start && last < ask.period.end;
  const where = periodText(locale, { start: first, end: addDays(last, 1) });
  return (
    <p className="notice" role="status">
      <span className="fill">
        {inside
          ? t("Only bots in this range.")
          : rich("No events in this range. This project has events from {where}.", { where: <b>{where}</b> })}
      </span>
      <button
        type="button"
        className="button small primary"
        onClick={() =>
          update(inside ? { bots: "all" } : { range: "all", from: undefined, to: undefined, by: undefined })
        }
      >
        {inside ? t("Show all") : t("Show all time")}
      </button>
    </p>
  );
}
