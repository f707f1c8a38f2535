import type { ReactNode } from "react";
import "./data-table.css";

export interface Column<Row> {
  readonly label: string;
  /** Numbers stand at the end of their column, so that they can be compared. */
  readonly number?: boolean;
  /** What can be done with the row: its name is for who does not see the buttons. */
  readonly acts?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

/** Columns that a narrow screen has room for: numbers behind a name, or texts. */
const MOST_NUMBERS = 4;
const MOST_TEXTS = 3;

interface Props<Row> {
  /** What the rows are. */
  readonly label: string;
  /** The first is the row's heading. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The row that the page is about. */
  readonly current?: string | undefined;
}

/**
 * Rows and columns. On a narrow screen the rows of one that has more columns than fit stand below each other, each value under its
 * column's name: what must be scrolled sideways for is not seen. What is too wide all the same scrolls by itself, by keyboard too.
 */
export function DataTable<Row>({ label, columns, rows, keyOf, current }: Props<Row>) {
  const stacks = columns.length > (columns.slice(1).every(({ number }) => number) ? MOST_NUMBERS : MOST_TEXTS);
  // Laid out as blocks it is no table any more for some readers, unless it says so.
  const role = (name: string) => (stacks ? { role: name } : {});
  return (
    <div className={`data-table ${stacks ? "stacks" : ""}`} role="group" aria-label={label} tabIndex={0}>
      <table {...role("table")}>
        <thead {...role("rowgroup")}>
          <tr {...role("row")}>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={column.number ? "number" : undefined}
                {...role("columnheader")}
              >
                {column.acts ? <span className="visually-hidden">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...role("rowgroup")}>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <tr key={key} aria-current={key === current ? "true" : undefined} {...role("row")}>
                {columns.map((column, at) =>
                  at === 0 ? (
                    <th key={column.label} scope="row" {...role("rowheader")}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td
                      key={column.label}
                      className={column.number ? "number" : undefined}
                      data-label={column.acts ? undefined : column.label}
                      {...role("cell")}
                    >
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
