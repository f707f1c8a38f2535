import { useState } from "react";
import { propertyLabel } from "../../asking/fields.tsx";
import type { BucketFormat } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { cellText } from "./cell.ts";
import type { AnswerTable, Cell, GroupValue, TableRow } from "./table.ts";

interface Props {
  readonly table: AnswerTable;
  readonly times: BucketFormat;
}

/** Rows that are drawn at once; more would only slow the page down, and CSV has all. */
const DRAWN = 1_000;

interface Column {
  readonly name: string;
  readonly of: (row: TableRow) => Cell | GroupValue | undefined;
  readonly text: (row: TableRow) => string;
  readonly isNumber: boolean;
}

/** Every row of an answer; a click on a column's name sorts by it, a second one the other way round. */
export function DataTable({ table, times }: Props) {
  const { numbers, names } = usePage();
  const [sort, setSort] = useState<{ readonly name: string; readonly down: boolean }>();
  const compared = table.rows.some((row) => row.before);
  const columns: Column[] = [
    ...(table.timed
      ? [
          {
            name: t("Time"),
            of: (row: TableRow) => row.start,
            text: ({ start = 0, end = 0 }: TableRow) => times.long(start, end),
            isNumber: false,
          },
        ]
      : []),
    ...table.groups.map((field, at) => ({
      name: propertyLabel(field),
      of: (row: TableRow) => row.groups[at],
      text: (row: TableRow) => names(field, row.groups[at] ?? null),
      isNumber: false,
    })),
    ...table.columns.flatMap((name, at) => [
      {
        name,
        of: (row: TableRow) => row.values[at],
        text: (row: TableRow) => cellText(numbers, row.values[at] ?? null),
        isNumber: table.rows.every(({ values }) => typeof values[at] !== "string"),
      },
      ...(compared
        ? [
            {
              name: t("{name} before", { name }),
              of: (row: TableRow) => row.before?.[at],
              text: (row: TableRow) => cellText(numbers, row.before?.[at] ?? null),
              isNumber: true,
            },
          ]
        : []),
    ]),
  ];
  const isOfEvents = !table.timed && table.groups.length === 0 && table.rows.length > 1;
  const by = columns.find(({ name }) => name === sort?.name);
  const rows =
    by && sort ? table.rows.toSorted((a, b) => compare(by.of(a), by.of(b)) * (sort.down ? -1 : 1)) : table.rows;
  return (
    <>
      <div
        className={`ask-table ${isOfEvents ? "of-events" : ""}`}
        tabIndex={0}
        role="region"
        aria-label={t("Answer as a table")}
      >
        <table>
          <thead>
            <tr>
              {columns.map(({ name, isNumber }) => {
                const on = sort?.name === name;
                return (
                  <th
                    key={name}
                    scope="col"
                    className={isNumber ? "number" : ""}
                    aria-sort={on ? (sort.down ? "descending" : "ascending") : "none"}
                  >
                    <button type="button" onClick={() => setSort({ name, down: on ? !sort.down : isNumber })}>
                      {name}
                      <span aria-hidden="true">{on ? (sort.down ? " ↓" : " ↑") : ""}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, DRAWN).map((row, at) => (
              <tr key={at}>
                {columns.map(({ name, text, isNumber }, nth) =>
                  nth === 0 && (table.timed || table.groups.length > 0) ? (
                    <th key={name} scope="row">
                      {text(row)}
                    </th>
                  ) : (
                    <td key={name} className={isNumber ? "number" : ""} title={isOfEvents ? text(row) : undefined}>
                      {text(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > DRAWN && (
        <p className="ask-note">
          {t("The first {count} of {all} rows; CSV has all.", {
            count: numbers.count(DRAWN),
            all: numbers.count(rows.length),
          })}
        </p>
      )}
    </>
  );
}

/** Nothing comes last in descending order; numbers before texts. */
function compare(a: Cell | GroupValue | undefined, b: Cell | GroupValue | undefined): number {
  const rank = (value: unknown) => (value === null || value === undefined ? 0 : typeof value === "number" ? 1 : 2);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return rank(a) - rank(b) || (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
}
