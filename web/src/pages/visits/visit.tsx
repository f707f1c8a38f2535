import { useQuery } from "@tanstack/react-query";
import { DataTable } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { duration } from "../../format/number.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { eventsWith, happenedAt, idOf, type StoredEvent } from "../../questions/events.ts";
import { Link } from "../../shell/link.tsx";
import { useParameter } from "../../shell/location.ts";
import { Section } from "../../shell/section.tsx";
import { dimensionLabel } from "../../state/dimensions.ts";
import { fieldOf } from "../../state/event-fields.ts";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { valueText } from "../events/event-table.tsx";
import { Facts } from "../events/facts.tsx";

/** Events of a visit that are listed. */
const MOST = 500;
/** What all of its events have in common. */
const COMMON = [
  "$visit.entry",
  "$visit.source",
  "$visit.channel",
  "$visit.campaign",
  "$geo.country",
  "$device",
  "$browser.name",
  "$os.name",
];

/** One visit: where it came from, and what happened in it, with the time between. */
export function OneVisit() {
  const { access, collections } = usePage();
  const id = useParameter("visit");
  const events = useQuery(eventsWith(access, collections, "$visit.id", id, MOST));
  return (
    <>
      <p>
        <Link to="/visits" search={keptBetweenPages} hash>
          {t("All visits")}
        </Link>
      </p>
      <Asked query={events} rows={10}>
        {(found) =>
          found.length === 0 ? (
            <Nothing>{t("There is no such visit here, or it was deleted.")}</Nothing>
          ) : (
            <Shown events={found.toReversed()} />
          )
        }
      </Asked>
    </>
  );
}

/** @param events at least one, the first one first */
function Shown({ events }: { readonly events: readonly StoredEvent[] }) {
  const { access, locale, names } = usePage();
  const [first] = events;
  if (!first) return null;
  const common = COMMON.map((name) => ({
    name: dimensionLabel(name),
    value: valueText(names, name, fieldOf(first, name)),
  }));
  const before = new Map(events.map((event, at) => [idOf(event), events[at - 1]]));
  return (
    <div className="sections">
      <Section title={t("Visit")} about={momentText(locale, access.timezone, happenedAt(first))}>
        <Facts facts={common.filter(({ value }) => value !== "")} />
      </Section>
      <Section title={t("What happened in it")}>
        <DataTable
          label={t("Events of the visit")}
          rows={events}
          keyOf={idOf}
          columns={[
            {
              label: t("Time"),
              cell: (event) => (
                <Link to={`/events/${encodeURIComponent(idOf(event))}`} search={keptBetweenPages} hash>
                  {momentText(locale, access.timezone, happenedAt(event))}
                </Link>
              ),
            },
            {
              label: t("After the one before"),
              number: true,
              cell: (event) => {
                const earlier = before.get(idOf(event));
                return earlier ? duration(happenedAt(event) - happenedAt(earlier)) : "";
              },
            },
            { label: t("Event"), cell: (event) => valueText(names, "$collection", fieldOf(event, "$collection")) },
            { label: t("Page"), cell: (event) => valueText(names, "$page.path", fieldOf(event, "$page.path")) },
          ]}
        />
      </Section>
    </div>
  );
}
