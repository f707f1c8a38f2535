import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { csvOf, download } from "../format/csv.ts";
import { suited, topOf, type Breakdown, type BreakdownRow } from "../questions/breakdown.ts";
import { dimensionOf } from "../state/dimensions.ts";
import { chosenEvent, isFilter } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import type { Search } from "../state/search.ts";
import { useSettled } from "../state/use-settled.ts";
import { breakdownBy, byProperty } from "./breakdowns.ts";
import { keyed } from "./row-keys.ts";
import { PanelFailure, Nothing, SkeletonRows } from "./states.tsx";
import "./more.css";

/** Rows of a full list. Beyond it the dialog says that there are more; the search looks through all of them. */
const MOST = 500;

/** The full list of one panel: searched on the server, sorted, downloaded. Open while the address says so. */
export function MoreDialog() {
  const { search, update } = usePage();
  const found = titled(search);
  if (!found) return null;
  return (
    <Dialog title={found.title} onClose={() => update({ more: undefined })}>
      <FullList key={found.title} title={found.title} breakdown={found.breakdown} />
    </Dialog>
  );
}

type Column = "name" | "count" | "views";
interface Sort {
  readonly column: Column;
  readonly down: boolean;
}

function FullList({ title, breakdown: asked }: { readonly title: string; readonly breakdown: Breakdown }) {
  const { ask, numbers, names, update, search } = usePage();
  const breakdown = suited(asked, ask);
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Sort>({ column: "count", down: true });
  const settled = useSettled(text.trim());
  const top = useQuery(topOf(ask, breakdown, MOST, settled));
  const nameOf = (row: BreakdownRow) => names(breakdown.field, row.value);
  const rows = (top.data ?? []).toSorted((a, b) => {
    const order = sort.column === "name" ? nameOf(a).localeCompare(nameOf(b)) : a[sort.column] - b[sort.column];
    return sort.down ? -order : order;
  });
  const columns: readonly { column: Column; label: string }[] = [
    { column: "name", label: "Name" },
    { column: "count", label: breakdown.measure },
    ...(breakdown.counts === "events" ? [] : [{ column: "views", label: "Page views" } as const]),
  ];
  const choose = (row: BreakdownRow) => {
    const kept = search.filters.filter((f) => f.field !== breakdown.field || f.op !== "is");
    update({ more: undefined, filters: [...kept, isFilter(breakdown.field, row.value)] });
  };
  const save = () => {
    const cells = rows.map((row) => columns.map(({ column }) => (column === "name" ? nameOf(row) : row[column])));
    download(`${title.toLowerCase()}.csv`, csvOf([columns.map(({ label }) => label), ...cells]));
  };
  return (
    <>
      <div className="full-tools">
        <label className="field">
          <span className="visually-hidden">Search in this list</span>
          <input type="search" placeholder="Search" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <button type="button" className="button small" disabled={rows.length === 0} onClick={save}>
          <Icon name="download" /> CSV
        </button>
      </div>
      {top.isError && !top.data ? (
        <PanelFailure error={top.error} onRetry={() => void top.refetch()} />
      ) : !top.data ? (
        <SkeletonRows rows={8} />
      ) : rows.length === 0 ? (
        <Nothing>Nothing found.</Nothing>
      ) : (
        <table className={`full-list ${top.isPlaceholderData ? "stale" : ""}`}>
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
                  <button type="button" title={`Filter by ${nameOf(row)}`} onClick={() => choose(row)}>
                    {nameOf(row)}
                  </button>
                </th>
                <td>{numbers.count(row.count)}</td>
                {breakdown.counts !== "events" && <td>{numbers.count(row.views)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {top.data?.length === MOST && <p className="age">The first {numbers.count(MOST)}; search finds the others.</p>}
    </>
  );
}

interface HeadingProps {
  readonly column: Column;
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
    return { title: `${event} by ${property}`, breakdown: byProperty(event, property) };
  }
  const dimension = more === undefined ? undefined : dimensionOf(more);
  return dimension && { title: dimension.title, breakdown: breakdownBy(dimension) };
}
