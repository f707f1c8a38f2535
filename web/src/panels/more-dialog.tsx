import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { MOST_OF_EVENTS } from "../asking/conversions.ts";
import { QuestionButton } from "../asking/question-button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { csvOf, download } from "../format/csv.ts";
import { inSentence, t } from "../language/words.ts";
import { ValueMark } from "../marks/value-mark.tsx";
import { rowsQuestion, suited, type Breakdown, type BreakdownRow } from "../questions/breakdown.ts";
import { topOf } from "../questions/rows.ts";
import { dimensionOf } from "../state/dimensions.ts";
import { chosenEvent } from "../state/filters.ts";
import type { NumberFormat } from "../format/number.ts";
import { usePage } from "../state/page.tsx";
import type { Search } from "../state/search.ts";
import { useSettled } from "../state/use-settled.ts";
import { breakdownBy, byProperty, filtersOf } from "./breakdowns.ts";
import { keyed } from "./row-keys.ts";
import { PanelFailure, Nothing, SkeletonRows } from "./states.tsx";
import { useConversions } from "./use-conversions.ts";
import "./more.css";

/** Rows of a full list. Beyond it the dialog says that there are more; the search looks through all of them. */
const MOST = 500;

/** The full list of one panel: searched on the server, sorted, downloaded. Open while the address says so. */
export default function MoreDialog() {
  const { search, update } = usePage();
  const found = titled(search);
  if (!found) return null;
  return (
    <Dialog title={found.title} onClose={() => update({ more: undefined })}>
      <FullList key={found.title} title={found.title} breakdown={found.breakdown} />
    </Dialog>
  );
}

type ColumnName = "name" | "count" | "views" | "conversion" | "revenue" | "time" | "scroll";

interface Column {
  readonly column: ColumnName;
  readonly label: string;
  /** What it is sorted by and what a file has of it; null: nothing. */
  readonly of: (row: BreakdownRow) => string | number | null;
  readonly shown: (row: BreakdownRow) => string;
}

interface Sort {
  readonly column: ColumnName;
  readonly down: boolean;
}

function FullList({ title, breakdown: asked }: { readonly title: string; readonly breakdown: Breakdown }) {
  const { ask, numbers, names, update, search } = usePage();
  const breakdown = suited(asked, ask);
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Sort>({ column: "count", down: true });
  const settled = useSettled(text.trim());
  const details = breakdown.id === "page" && breakdown.counts === "visitors";
  const top = useQuery(topOf(ask, breakdown, MOST, settled, details));
  // Exit pages and directories are made of several.
  const question = breakdown.kind ? undefined : rowsQuestion(ask, breakdown, { limit: MOST, search: settled, details });
  const nameOf = (row: BreakdownRow) => names(breakdown.field, row.value);
  const { count } = numbers;
  const { isOn: converts, conversionOf, revenueOf, money } = useConversions(breakdown, top.data ?? []);
  const rateOf = (row: BreakdownRow) => conversionOf(row)?.rate ?? null;
  const columns: readonly Column[] = [
    { column: "name", label: t("Name"), of: nameOf, shown: nameOf },
    {
      column: "count",
      label: breakdown.measure,
      of: (row) => row.count,
      shown: (row) => (row.isEstimate ? "≈ " : "") + count(row.count),
    },
    ...(breakdown.counts === "events" || breakdown.kind === "exit"
      ? []
      : [
          {
            column: "views",
            label: t("Page views"),
            of: viewsOf,
            shown: (row: BreakdownRow) => count(row.views),
          } as const,
        ]),
    ...(converts
      ? [
          {
            column: "conversion",
            label: t("Conversion"),
            of: rateOf,
            shown: (row: BreakdownRow) => numbers.value(rateOf(row), "percent"),
          } as const,
        ]
      : []),
    ...(revenueOf && money
      ? [
          {
            column: "revenue",
            label: t("Revenue"),
            of: revenueOf,
            shown: (row: BreakdownRow) => money(revenueOf(row)),
          } as const,
        ]
      : []),
    ...(details ? pageColumns(numbers) : []),
  ];
  const sorted = columns.find(({ column }) => column === sort.column)?.of ?? viewsOf;
  const rows = (top.data ?? []).toSorted((a, b) => compared(sorted(a), sorted(b)) * (sort.down ? -1 : 1));
  const choose = (row: BreakdownRow) => {
    const given = filtersOf(breakdown, row);
    const kept = search.filters.filter((f) => f.op !== "is" || given.every(({ field }) => field !== f.field));
    update({ more: undefined, filters: [...kept, ...given] });
  };
  const save = () => {
    const cells = rows.map((row) => columns.map(({ of }) => of(row)));
    download(`${inSentence(title)}.csv`, csvOf([columns.map(({ label }) => label), ...cells]));
  };
  return (
    <>
      <div className="full-tools">
        <label className="field">
          <span className="visually-hidden">{t("Search in this list")}</span>
          <input
            type="search"
            placeholder={t("Search")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="button" className="button small" disabled={rows.length === 0} onClick={save}>
          <Icon name="download" /> CSV
        </button>
        {question && <QuestionButton question={question} />}
      </div>
      {top.isError && !top.data ? (
        <PanelFailure error={top.error} onRetry={() => void top.refetch()} />
      ) : !top.data ? (
        <SkeletonRows rows={8} />
      ) : rows.length === 0 ? (
        <Nothing>{t("Nothing found.")}</Nothing>
      ) : (
        <table
          className={`full-list ${columns.length > 3 ? "wide" : ""} ${top.isPlaceholderData ? "stale" : ""}`}
          style={{ "--numbers": columns.length - 1 } as React.CSSProperties}
        >
          <thead>
            <tr>
              {columns.map(({ column, label }) => (
                <Heading key={column} column={column} label={label} sort={sort} onSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {keyed(rows).map(([key, row]) => (
              <tr key={key}>
                <th scope="row">
                  {filtersOf(breakdown, row).length === 0 ? (
                    nameOf(row)
                  ) : (
                    <button
                      type="button"
                      title={t("Filter by {name}", { name: nameOf(row) })}
                      onClick={() => choose(row)}
                    >
                      <ValueMark field={breakdown.of ?? breakdown.field} value={row.value} />
                      {nameOf(row)}
                    </button>
                  )}
                </th>
                {columns.slice(1).map(({ column, shown }) => (
                  <td key={column}>{shown(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {converts && breakdown.counts === "events" && rows.length > MOST_OF_EVENTS && (
        <p className="age">
          {t("The conversion is of the first {count}; search tells that of others.", {
            count: numbers.count(MOST_OF_EVENTS),
          })}
        </p>
      )}
      {top.data?.length === MOST && (
        <p className="age">{t("The first {count}; search finds the others.", { count: numbers.count(MOST) })}</p>
      )}
    </>
  );
}

const viewsOf = ({ views }: BreakdownRow): number => views;

/** What else is known of a page: over its views. */
function pageColumns(numbers: NumberFormat): readonly Column[] {
  const perView = (sum: number | undefined, { views }: BreakdownRow) =>
    sum === undefined || sum === 0 || views === 0 ? null : sum / views;
  const time = (row: BreakdownRow) => perView(row.engagedMs, row);
  const scroll = (row: BreakdownRow) => perView(row.scroll, row);
  return [
    { column: "time", label: t("Time on page"), of: time, shown: (row) => numbers.value(time(row), "duration") },
    {
      column: "scroll",
      label: t("Seen down to"),
      of: scroll,
      shown: (row) => numbers.value(percentOf(scroll(row)), "percent"),
    },
  ];
}

function percentOf(value: number | null): number | null {
  return value === null ? null : value / 100;
}

/** Numbers by size, texts by the alphabet, nothing last from above. */
function compared(a: string | number | null, b: string | number | null): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return (typeof a === "number" ? a : -1) - (typeof b === "number" ? b : -1);
}

interface HeadingProps {
  readonly column: ColumnName;
  readonly label: string;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** A column's name; a click sorts by it, a second one the other way round. */
function Heading({ column, label, sort, onSort }: HeadingProps) {
  const on = sort.column === column;
  return (
    <th scope="col" aria-sort={on ? (sort.down ? "descending" : "ascending") : "none"}>
      <button type="button" onClick={() => onSort({ column, down: on ? !sort.down : column !== "name" })}>
        {label}
        <span aria-hidden="true">{on ? (sort.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

function titled({ more, property, filters }: Search): { title: string; breakdown: Breakdown } | undefined {
  const event = chosenEvent(filters);
  if (more === "property" && property && event) {
    return { title: t("{event} by {property}", { event, property }), breakdown: byProperty(event, property) };
  }
  const dimension = more === undefined ? undefined : dimensionOf(more);
  return dimension && { title: dimension.title, breakdown: breakdownBy(dimension) };
}
