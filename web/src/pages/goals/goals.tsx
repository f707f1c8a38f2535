import { conversionOf } from "../../asking/conversions.ts";
import { moneyText, revenueOf } from "../../asking/revenue.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { definitionsOf, mayDefine, useDefine } from "../../asking/definitions.ts";
import { filtersOf } from "../../asking/events.ts";
import { eventName, RemoveButton } from "../../asking/fields.tsx";
import { goalOf, type Goal } from "../../asking/goals.ts";
import { t } from "../../language/words.ts";
import { filterWords } from "../../panels/filter-words.ts";
import { Nothing, PanelFailure, SkeletonRows } from "../../panels/states.tsx";
import { totalsOf } from "../../questions/totals.ts";
import { Link } from "../../shell/link.tsx";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { Problem } from "../settings/form.tsx";
import { GoalForm } from "./goal-form.tsx";
import "../../asking/asking.css";

/** What visits are meant to lead to, and how many got there. */
export function Goals() {
  const { access } = usePage();
  const query = useQuery(definitionsOf(access, "goals"));
  const goals = (query.data ?? []).map(goalOf);
  const hasAmounts = goals.some(({ amount }) => amount !== "");
  const may = mayDefine(access);
  const define = useDefine("goals");
  const [edited, setEdited] = useState<Goal>();
  return (
    <>
      <header className="ask-title">
        <h2>{t("Goals")}</h2>
      </header>
      {may && <GoalForm key={edited?.name ?? ""} goal={edited} onDone={() => setEdited(undefined)} />}
      <section className="surface ask-result" aria-label={t("Goals")}>
        <Problem message={define.error?.message} />
        {query.isError ? (
          <PanelFailure error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <SkeletonRows rows={4} />
        ) : goals.length === 0 ? (
          <Nothing>
            {t("No goal yet. A goal is a page or an event; the overview then shows the conversion of every row.")}
          </Nothing>
        ) : (
          <div className="ask-table" tabIndex={0} role="region" aria-label={t("Goals as a table")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("Goal")}</th>
                  <th scope="col">{t("Is reached by")}</th>
                  <th scope="col" className="number">
                    {t("Visits")}
                  </th>
                  <th scope="col" className="number">
                    {t("Of all")}
                  </th>
                  {hasAmounts && (
                    <>
                      <th scope="col" className="number">
                        {t("Revenue")}
                      </th>
                      <th scope="col" className="number">
                        {t("Per conversion")}
                      </th>
                      <th scope="col" className="number">
                        {t("Per visitor")}
                      </th>
                    </>
                  )}
                  <th scope="col">
                    <span className="visually-hidden">{t("Actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {goals.map((goal) => (
                  <GoalRow
                    key={goal.name}
                    goal={goal}
                    hasAmounts={hasAmounts}
                    {...(may && {
                      onEdit: () => setEdited(goal),
                      onForget: () => define.mutate({ name: goal.name, definition: undefined }),
                    })}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}

interface RowProps {
  readonly goal: Goal;
  /** Whether the table tells what goals brought in. */
  readonly hasAmounts: boolean;
  /** Absent for whoever may not define. */
  readonly onEdit?: () => void;
  readonly onForget?: () => void;
}

function GoalRow({ goal, hasAmounts, onEdit, onForget }: RowProps) {
  const { ask, names, numbers } = usePage();
  const totals = useQuery(totalsOf(ask));
  const conversion = useQuery(conversionOf(ask, goal.choice, totals.data));
  const filters = filtersOf(goal.choice).map((filter) => filterWords(filter, names));
  const shown = conversion.data;
  return (
    <tr>
      <th scope="row">
        <Link to="/" hash search={(search) => ({ ...keptBetweenPages(search), goal: goal.name })}>
          {goal.title}
        </Link>
      </th>
      <td>{[eventName(goal.choice.event), ...filters].join(", ")}</td>
      <td className="number" title={conversion.error?.message}>
        {shown ? numbers.count(shown.count) : "–"}
      </td>
      <td className="number">{numbers.value(shown?.rate ?? null, "percent")}</td>
      {hasAmounts && <Worth goal={goal} visitors={totals.data?.visitors} />}
      <td className="number">
        {onEdit && (
          <button
            type="button"
            className="button quiet small"
            aria-label={t("Change {title}", { title: goal.title })}
            onClick={onEdit}
          >
            {t("Change")}
          </button>
        )}
        {onForget && <RemoveButton label={t("Forget {title}", { title: goal.title })} onClick={onForget} />}
      </td>
    </tr>
  );
}

/** What a goal brought in; empty cells for one that names no amount. */
function Worth({ goal, visitors }: { readonly goal: Goal; readonly visitors: number | undefined }) {
  const { ask, locale } = usePage();
  const { data } = useQuery(revenueOf(ask, goal));
  const each = data && visitors ? data.sum / visitors : null;
  const amounts = goal.amount === "" ? [undefined, undefined, undefined] : [data?.sum, data?.average, each];
  return amounts.map((amount, at) => (
    <td key={at} className="number">
      {amount !== undefined && moneyText(locale, goal, amount)}
    </td>
  ));
}
