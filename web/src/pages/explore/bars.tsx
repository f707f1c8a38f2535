import { useState } from "react";
import { Choice } from "../../asking/fields.tsx";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { cellText } from "./cell.ts";
import type { AnswerTable, TableRow } from "./table.ts";

/** A bar for each row, as long as its number; of several measures one is drawn. */
export function Bars({ table }: { readonly table: AnswerTable }) {
  const { numbers, names } = usePage();
  const [wanted, setDrawn] = useState(0);
  const drawn = Math.min(wanted, table.columns.length - 1);
  const valueOf = (row: TableRow) => row.values[drawn] ?? null;
  // What has no value comes last, and its bar measures nothing: it would squeeze the others to slivers.
  const isNone = ({ groups }: TableRow) => groups.every((group) => group === null);
  const known = table.rows.filter((row) => !isNone(row));
  const rows = [...known, ...table.rows.filter(isNone)];
  const largest = Math.max(...known.map((row) => Math.abs(Number(valueOf(row))) || 0), Number.MIN_VALUE);
  return (
    <>
      {table.columns.length > 1 && (
        <Choice label={t("What is drawn")} value={String(drawn)} onChange={(at) => setDrawn(Number(at))}>
          {table.columns.map((name, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <ul className="ask-bars" aria-label={table.columns[drawn]}>
        {rows.map((row, at) => {
          const value = valueOf(row);
          const name = row.groups.map((group, nth) => names(table.groups[nth] ?? "", group)).join(" · ");
          return (
            <li key={at}>
              <span className={`ask-bar-name ${isNone(row) ? "none" : ""}`} title={name}>
                {name}
              </span>
              <span className="ask-bar" aria-hidden="true">
                {typeof value === "number" && !isNone(row) && (
                  <i style={{ inlineSize: `${(Math.abs(value) / largest) * 100}%` }} />
                )}
              </span>
              <span className="ask-bar-value">{cellText(numbers, value)}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
