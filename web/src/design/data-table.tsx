import type { ReactNode } from "react";
import "./data-table.css";

export interface Column<Row> {
  readonly label: string;
  /** Numbers stand at the end of their column, so that they can be compared. */
  readonly number?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

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

/** Rows and columns; scrolls sideways by itself where the screen is narrow, by keyboard too. */
export function DataTable<Row>({ label, columns, rows, keyOf, current }: Props<Row>) {
  return (
    <div className="data-table" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.number ? "number" : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <tr key={key} aria-current={key === current ? "true" : undefined}>
                {columns.map((column, at) =>
                  at === 0 ? (
                    <th key={column.label} scope="row">
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.label} className={column.number ? "number" : undefined}>
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
