import { conversionOf } from "../../asking/conversions.ts";
import { moneyText, revenueOf, type Revenue } from "../../asking/revenue.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { definitionsOf, mayDefine, useDefine } from "../../asking/definitions.ts";
import { filtersOf } from "../../asking/events.ts";
import { eventName, RemoveButton } from "../../asking/fields.tsx";
import { goalOf, type Goal } from "../../asking/goals.ts";
import { DataTable, type Column } from "../../design/data-table.tsx";
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
          <GoalTable
            goals={goals}
            {...(may && {
              onEdit: setEdited,
              onForget: ({ name }: Goal) => define.mutate({ name, definition: undefined }),
            })}
          />
        )}
      </section>
    </>
  );
}

interface TableProps {
  readonly goals: readonly Goal[];
  /** Absent for whoever may not define. */
  readonly onEdit?: (goal: Goal) => void;
  readonly onForget?: (goal: Goal) => void;
}

function GoalTable({ goals, onEdit, onForget }: TableProps) {
  const { names } = usePage();
  const wordsOf = ({ choice }: Goal) => [
    eventName(choice.event),
    ...filtersOf(choice).map((filter) => filterWords(filter, names)),
  ];
  const worth = (label: string, of: WorthProps["of"]): Column<Goal> => ({
    label,
    number: true,
    // A goal that names no amount has an empty cell.
    cell: (goal) => goal.amount !== "" && <Worth goal={goal} of={of} />,
  });
  const columns: readonly Column<Goal>[] = [
    {
      label: t("Goal"),
      cell: (goal) => (
        <Link to="/" hash search={(search) => ({ ...keptBetweenPages(search), goal: goal.name })}>
          {goal.title}
        </Link>
      ),
    },
    { label: t("Is reached by"), cell: (goal) => wordsOf(goal).join(", ") },
    { label: t("Visits"), number: true, cell: (goal) => <Reached goal={goal} as="count" /> },
    { label: t("Of all"), number: true, cell: (goal) => <Reached goal={goal} as="rate" /> },
    ...(goals.some(({ amount }) => amount !== "")
      ? [
          worth(t("Revenue"), ({ sum }) => sum),
          worth(t("Per conversion"), ({ average }) => average),
          worth(t("Per visitor"), ({ sum }, visitors) => (visitors ? sum / visitors : null)),
        ]
      : []),
    ...(onEdit || onForget
      ? [
          {
            label: t("Actions"),
            acts: true,
            cell: (goal: Goal) => (
              <>
                {onEdit && (
                  <button
                    type="button"
                    className="button quiet small"
                    aria-label={t("Change {title}", { title: goal.title })}
                    onClick={() => onEdit(goal)}
                  >
                    {t("Change")}
                  </button>
                )}
                {onForget && (
                  <RemoveButton label={t("Forget {title}", { title: goal.title })} onClick={() => onForget(goal)} />
                )}
              </>
            ),
          },
        ]
      : []),
  ];
  return <DataTable label={t("Goals as a table")} columns={columns} rows={goals} keyOf={({ name }) => name} />;
}

/** How many visits reached it, or which share of all. */
function Reached({ goal, as }: { readonly goal: Goal; readonly as: "count" | "rate" }) {
  const { ask, numbers } = usePage();
  const totals = useQuery(totalsOf(ask));
  const { data, error } = useQuery(conversionOf(ask, goal.choice, totals.data));
  if (as === "rate") return numbers.value(data?.rate ?? null, "percent");
  return <span title={error?.message}>{data ? numbers.count(data.count) : "–"}</span>;
}

interface WorthProps {
  readonly goal: Goal;
  readonly of: (revenue: Revenue, visitors: number | undefined) => number | null;
}

/** What a goal brought in. */
function Worth({ goal, of }: WorthProps) {
  const { ask, locale } = usePage();
  const { data } = useQuery(revenueOf(ask, goal));
  const totals = useQuery(totalsOf(ask));
  return data && moneyText(locale, goal, of(data, totals.data?.visitors));
}
