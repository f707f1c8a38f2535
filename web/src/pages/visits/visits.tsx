import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { ValueMark } from "../../marks/value-mark.tsx";
import { Asked } from "../../panels/asked.tsx";
import { EmptyRange } from "../../panels/empty-range.tsx";
import { Nothing } from "../../panels/states.tsx";
import { happenedAt } from "../../questions/events.ts";
import { visitListOf, type VisitRow } from "../../questions/visit-list.ts";
import { Link } from "../../shell/link.tsx";
import { Section } from "../../shell/section.tsx";
import { fieldOf } from "../../state/event-fields.ts";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import "./visits.css";

/** The visits of the range of which something matches, the latest first. */
export function Visits() {
  const { ask } = usePage();
  // Where each page before this one began: the way back.
  const [begun, setBegun] = useState<readonly (number | undefined)[]>([]);
  const [before, setBefore] = useState<number>();
  const visits = useQuery(visitListOf(ask, before));
  const older = visits.data?.next;
  return (
    <>
      <EmptyRange />
      <Section
        title={t("Visits")}
        about={t(
          "Visits of which something matches, by the latest of it. Open one for what happened in it. Of whom they are nothing is known.",
        )}
      >
        <Asked query={visits} rows={12}>
          {({ visits: rows }) => (rows.length === 0 ? <Nothing>{t("No visit.")}</Nothing> : <VisitTable rows={rows} />)}
        </Asked>
        {(begun.length > 0 || older !== undefined) && (
          <div className="visits-pages">
            <button
              type="button"
              className="button small"
              disabled={begun.length === 0}
              onClick={() => {
                setBefore(begun.at(-1));
                setBegun(begun.slice(0, -1));
              }}
            >
              {t("Later visits")}
            </button>
            <button
              type="button"
              className="button small"
              disabled={older === undefined || visits.isPlaceholderData}
              onClick={() => {
                setBegun([...begun, before]);
                setBefore(older);
              }}
            >
              {t("Earlier visits")}
            </button>
          </div>
        )}
      </Section>
    </>
  );
}

function VisitTable({ rows }: { readonly rows: readonly VisitRow[] }) {
  const { access, locale, names, numbers } = usePage();
  const of = (label: string, field: string): Column<VisitRow> => ({
    label,
    cell: ({ event }) => {
      const value = fieldOf(event, field);
      const known = typeof value === "string" ? value : null;
      return (
        <>
          <ValueMark field={field} value={known} />
          {names(field, known)}
        </>
      );
    },
  });
  return (
    <DataTable
      label={t("Visits")}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          label: t("Time"),
          cell: ({ id, event }) => (
            <Link to={`/visits/${encodeURIComponent(id)}`} search={keptBetweenPages} hash>
              {momentText(locale, access.timezone, happenedAt(event))}
            </Link>
          ),
        },
        of(t("Entry page"), "$visit.entry"),
        of(t("Source"), "$visit.source"),
        of(t("Country"), "$geo.country"),
        of(t("Device"), "$device"),
        { label: t("Pages"), number: true, cell: ({ pages }) => numbers.count(pages) },
        { label: t("Events"), number: true, cell: ({ events }) => numbers.count(events) },
        { label: t("Visit time"), number: true, cell: ({ engagedMs }) => numbers.value(engagedMs, "duration") },
      ]}
    />
  );
}
