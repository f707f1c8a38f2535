import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Icon } from "../../design/icon.tsx";
import { csvOf, download } from "../../format/csv.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { EmptyRange } from "../../panels/empty-range.tsx";
import { happenedAt, latestOf, type StoredEvent } from "../../questions/events.ts";
import { Section } from "../../shell/section.tsx";
import { dimensionLabel } from "../../state/dimensions.ts";
import { fieldOf, fieldsOf, usualColumns } from "../../state/event-fields.ts";
import { chosenEvent, isFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { Columns } from "./columns.tsx";
import { EventTable, valueText } from "./event-table.tsx";
import "./events.css";

/** Events of one page of the list, and the most that it grows to: who wants more wants a narrower range, or an export. */
const STEP = 50;
const MOST = 1_000;

/** The events of the range that the filters let through, newest first. */
export function Events() {
  const page = usePage();
  const { ask, search, update, collections, numbers, names } = page;
  const [latest, setLatest] = useState(STEP);
  const query = useQuery(latestOf(ask, latest));
  const events = query.data?.events ?? [];
  const columns = search.columns ?? usualColumns(events);
  const chosen = chosenEvent(search.filters);
  const choose = (name: string) => {
    const others = search.filters.filter(({ field, op }) => field !== "$collection" || op !== "is");
    update({ filters: name === "" ? others : [...others, isFilter("$collection", name)], columns: undefined });
  };
  const save = () =>
    download("events.csv", csvOf([[t("Time"), t("Event"), ...columns], ...events.map((e) => rowOf(e, columns, page))]));
  return (
    <>
      <EmptyRange />
      <Section
        title={t("Events")}
        about={t(
          "Each event as it is stored. Open one for all of its values, its visit, and the executions that accepted and stored it. Engagement, the time on pages, is listed when it is chosen.",
        )}
        tools={
          <>
            <label>
              <span className="visually-hidden">{t("Which events")}</span>
              <select className="button small" value={chosen ?? ""} onChange={(event) => choose(event.target.value)}>
                <option value="">{t("All events")}</option>
                {collections.map((name) => (
                  <option key={name} value={name}>
                    {names("$collection", name)}
                  </option>
                ))}
              </select>
            </label>
            <Columns
              names={offered(events, columns)}
              chosen={columns}
              onChoose={(wanted) => update({ columns: wanted })}
            />
            <button type="button" className="button small" disabled={events.length === 0} onClick={save}>
              <Icon name="download" /> CSV
            </button>
          </>
        }
      >
        <Asked query={query} rows={12}>
          {({ events, count }) => (
            <>
              {events.length > 0 && <EventTable label={t("Events")} events={events} columns={columns} page={page} />}
              <p className="section-note" role="status">
                {events.length === 0
                  ? t("No event.")
                  : t("The latest {count} of {all}.", {
                      count: numbers.count(events.length),
                      all: numbers.count(count),
                    })}
                {latest >= MOST && count > MOST && ` ${t("A shorter range, or a filter, shows the others.")}`}
              </p>
              {events.length < count && latest < MOST && (
                <button
                  type="button"
                  className="button small events-more"
                  disabled={query.isPlaceholderData}
                  onClick={() => setLatest(Math.min(MOST, latest * 2))}
                >
                  {t("Show more")}
                </button>
              )}
            </>
          )}
        </Asked>
      </Section>
    </>
  );
}

/** What there is to show of these events, and what is shown. */
function offered(events: readonly StoredEvent[], chosen: readonly string[]): { name: string; label: string }[] {
  const known = events.flatMap((event) => fieldsOf(event).map(({ name }) => name));
  return [...new Set([...chosen, ...known])]
    .filter((name) => name !== "keen.timestamp" && name !== "$collection")
    .map((name) => ({ name, label: dimensionLabel(name) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function rowOf(
  event: StoredEvent,
  columns: readonly string[],
  { names }: Pick<ReturnType<typeof usePage>, "names">,
): string[] {
  const values = ["$collection", ...columns].map((name) => valueText(names, name, fieldOf(event, name)));
  return [new Date(happenedAt(event)).toISOString(), ...values];
}
