import { useQuery } from "@tanstack/react-query";
import { conversionOf } from "../asking/conversions.ts";
import { definitionsOf } from "../asking/definitions.ts";
import { ANY_EVENT } from "../asking/events.ts";
import { goalOf } from "../asking/goals.ts";
import { rich, t } from "../language/words.ts";
import { totalsOf } from "../questions/totals.ts";
import { usePage } from "../state/page.tsx";
import "./goal-choice.css";

/** Chooses the goal whose conversion the panels show. Not there while the project has none. */
export default function GoalChoice() {
  const { access, ask, search, update, numbers } = usePage();
  const { data } = useQuery(definitionsOf(access, "goals"));
  const goals = (data ?? []).map(goalOf);
  const goal = goals.find(({ name }) => name === search.goal);
  const totals = useQuery(totalsOf(ask));
  const conversion = useQuery({
    ...conversionOf(ask, goal?.choice ?? ANY_EVENT, totals.data),
    enabled: goal !== undefined,
  });
  const reached = conversion.data && {
    rate: <b>{numbers.value(conversion.data.rate, "percent")}</b>,
    count: numbers.count(conversion.data.count),
  };
  if (goals.length === 0) return null;
  return (
    <p className="goal-choice">
      <label>
        {t("Conversion to")}{" "}
        <select
          className="button small"
          value={goal?.name ?? ""}
          onChange={(event) => update({ goal: event.target.value || undefined })}
        >
          <option value="">{t("no goal")}</option>
          {goals.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {goal && reached && (
        <span>
          {ask.about === "web"
            ? rich("{rate} of visits, {count} in all", reached)
            : rich("{rate} of visitors, {count} in all", reached)}
        </span>
      )}
    </p>
  );
}
