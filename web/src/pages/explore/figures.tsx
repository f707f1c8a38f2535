import { t } from "../../language/words.ts";
import { isUnfinished } from "../../state/ranges.ts";
import { changeOf } from "../../state/metrics.ts";
import { usePage } from "../../state/page.tsx";
import { Change } from "../../panels/change.tsx";
import { cellText } from "./cell.ts";
import type { AnswerTable } from "./table.ts";

/** A number each, as large as a card's. */
export function Figures({ table }: { readonly table: AnswerTable }) {
  const { numbers, period, now } = usePage();
  const [row] = table.rows;
  if (!row) return null;
  return (
    <dl className="ask-figures">
      {table.columns.map((name, at) => {
        const value = row.values[at] ?? null;
        const before = row.before?.[at];
        const change = typeof value === "number" && typeof before === "number" ? changeOf(value, before) : null;
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className={typeof value === "string" ? "ask-values" : "ask-figure"}>
                {cellText(numbers, value)}
              </span>
              {/* Nothing before may mean that nothing was recorded yet. */}
              {before !== undefined && before !== null && before !== 0 && (
                <span className="ask-before">
                  {/* What has only begun is not compared with a whole. */}
                  {!isUnfinished(period, now) && <Change change={change} />}{" "}
                  {t("{before} before", { before: cellText(numbers, before) })}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
