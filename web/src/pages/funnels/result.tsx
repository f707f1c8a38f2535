import { lazy, Suspense, useState } from "react";
import { filtersOf, type EventChoice } from "../../asking/events.ts";
import { eventName, propertyLabel } from "../../asking/fields.tsx";
import { Result } from "../../asking/result.tsx";
import type { Asking } from "../../asking/use-answer.ts";
import { Icon } from "../../design/icon.tsx";
import { csvOf, download } from "../../format/csv.ts";
import { duration } from "../../format/number.ts";
import { rich, t } from "../../language/words.ts";
import { filterWords } from "../../panels/filter-words.ts";
import { isFilter, toggleFilter } from "../../state/filters.ts";
import { Link } from "../../shell/link.tsx";
import { usePage, type Page } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { funnelOf, type Funnel, type Step } from "./funnel.ts";
import { stepsOf, type FunnelSpec } from "./spec.ts";
import "./funnels.css";

const DroppedDialog = lazy(() => import("./dropped-dialog.tsx"));

interface Props {
  readonly asking: Asking<FunnelSpec>;
  /** On a board: the bars alone. */
  readonly small?: boolean;
}

/** A bar for each step, how many were lost before it, how long it took; with a breakdown a table of the groups. */
export function FunnelResult({ asking, small = false }: Props) {
  const page = usePage();
  const [dropped, setDropped] = useState<{ readonly at: number; readonly spec: FunnelSpec }>();
  return (
    <>
      <Result
        asking={asking}
        isEmpty={({ spec, answer }) => (funnelOf(answer, breakdownOf(spec)).steps[0]?.count ?? 0) === 0}
        meta={!small}
      >
        {({ spec, answer }) => {
          const funnel = funnelOf(answer, breakdownOf(spec));
          const names = stepsOf(spec, page.collections).map((step) => stepName(step, page.names));
          return (
            <>
              {!small && (
                <header className="ask-head">
                  <p>
                    {rich("{share} of {count} did every step.", {
                      share: <b>{page.numbers.value(funnel.steps.at(-1)?.ofFirst ?? null, "percent")}</b>,
                      count: page.numbers.count(funnel.steps[0]?.count ?? 0),
                    })}
                  </p>
                  <button
                    type="button"
                    className="button small"
                    onClick={() => download("funnel.csv", csvOf(cellsOf(funnel, names)))}
                  >
                    <Icon name="download" /> CSV
                  </button>
                </header>
              )}
              <Bars
                steps={funnel.steps}
                names={names}
                choices={small ? [] : stepsOf(spec, page.collections)}
                page={page}
                {...(!small && spec.ordered && { onDropped: (at: number) => setDropped({ at, spec }) })}
              />
              {funnel.groups.length > 0 && <Groups funnel={funnel} names={names} field={breakdownOf(spec)} />}
            </>
          );
        }}
      </Result>
      {dropped && (
        <Suspense>
          <DroppedDialog {...dropped} onClose={() => setDropped(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function breakdownOf({ ordered, breakdown }: FunnelSpec): string {
  return ordered ? breakdown : "";
}

/** A step in words: `Page view, Page is /pricing`. */
function stepName(step: EventChoice, names: Page["names"]): string {
  return [eventName(step.event), ...filtersOf(step).map((filter) => filterWords(filter, names))].join(", ");
}

interface BarsProps {
  readonly steps: readonly Step[];
  readonly names: readonly string[];
  /** The steps' events, whose visits are a click away; none: there is no way to them. */
  readonly choices: readonly EventChoice[];
  readonly page: Page;
  /** Tells who did not go on to a step; absent where that cannot be told. */
  readonly onDropped?: (at: number) => void;
}

function Bars({ steps, names, choices, page, onDropped }: BarsProps) {
  const { numbers } = page;
  return (
    <ol className="funnel">
      {steps.map((step, at) => (
        <li key={at}>
          <p className="funnel-name">
            <span>{at + 1}</span> {names[at]} <VisitsOf step={choices[at]} />
          </p>
          <p className="funnel-bar" aria-hidden="true">
            <i style={{ inlineSize: `${(step.ofFirst ?? 0) * 100}%` }} />
          </p>
          <p className="funnel-count">
            <b>{numbers.count(step.count)}</b> <span>{numbers.value(step.ofFirst, "percent")}</span>
          </p>
          {at > 0 && (
            <p className="funnel-drop">
              {t("{count} dropped out", { count: numbers.count(step.dropped) })}
              {step.ofBefore !== null && ` (${numbers.value(1 - step.ofBefore, "percent")})`}
              {step.seconds && (
                <>
                  {" "}
                  {t("· half went on within {half}, nine in ten within {most}", {
                    half: duration(step.seconds.median * 1000),
                    most: duration(step.seconds.p90 * 1000),
                  })}
                </>
              )}
              {onDropped && step.dropped > 0 && (
                <button
                  type="button"
                  className="button quiet small"
                  aria-haspopup="dialog"
                  aria-label={t("Who dropped out before step {step}", { step: at + 1 })}
                  onClick={() => onDropped(at)}
                >
                  {t("Who")}
                </button>
              )}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Leads to the visits with an event of the step. */
function VisitsOf({ step }: { readonly step: EventChoice | undefined }) {
  if (!step) return null;
  const own = [...(step.event === "" ? [] : [isFilter("$collection", step.event)]), ...filtersOf(step)];
  return (
    <Link
      to="/visits"
      search={(search) => ({ ...keptBetweenPages(search), filters: [...search.filters, ...own] })}
      hash
    >
      {t("Visits")}
    </Link>
  );
}

interface GroupsProps {
  readonly funnel: Funnel;
  readonly names: readonly string[];
  readonly field: string;
}

/** Each group's way through the steps; a group's name filters the page by it. */
function Groups({ funnel, names: steps, field }: GroupsProps) {
  const { numbers, names, search, update } = usePage();
  return (
    <div
      className="ask-table funnel-groups"
      tabIndex={0}
      role="region"
      aria-label={t("By {field}", { field: propertyLabel(field) })}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{propertyLabel(field)}</th>
            {steps.map((name, at) => (
              <th key={at} scope="col" className="number">
                {at + 1}. {name}
              </th>
            ))}
            <th scope="col" className="number">
              {t("All steps")}
            </th>
          </tr>
        </thead>
        <tbody>
          {funnel.groups.map((group) => (
            <tr key={JSON.stringify(group.value)}>
              <th scope="row">
                <button
                  type="button"
                  className="link"
                  title={t("Filter by {field}", { field: names(field, group.value) })}
                  onClick={() => update({ filters: toggleFilter(search.filters, isFilter(field, group.value)) })}
                >
                  {names(field, group.value)}
                </button>
              </th>
              {group.steps.map((step, at) => (
                <td key={at} className="number">
                  {numbers.count(step.count)}
                </td>
              ))}
              <td className="number">{numbers.value(group.steps.at(-1)?.ofFirst ?? null, "percent")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellsOf({ steps, groups }: Funnel, names: readonly string[]) {
  const rowsOf = (of: readonly Step[], group: string) =>
    of.map((step, at) => [
      group,
      at + 1,
      names[at] ?? "",
      step.count,
      step.dropped,
      step.seconds?.median ?? null,
      step.seconds?.p90 ?? null,
    ]);
  return [
    ["group", "step", "name", "count", "dropped", "median_seconds", "p90_seconds"],
    ...rowsOf(steps, ""),
    ...groups.flatMap(({ value, steps: of }) => rowsOf(of, value === null ? "(none)" : String(value))),
  ];
}
