import { AddButton, Choice, eventName, Line, RemoveButton, useEventNames } from "../../asking/fields.tsx";
import { inSentence, t } from "../../language/words.ts";
import { INTERVALS, intervalsFor } from "../../state/interval.ts";
import { usePage } from "../../state/page.tsx";
import { GroupField, MeasureField } from "./parts.tsx";
import { labelsOf, titlesOf } from "./labels.ts";
import { askable, COUNT, isOrderable, MOST, type ExploreSpec } from "./spec.ts";
import { propertyLabel } from "../../asking/fields.tsx";

interface Props {
  readonly spec: ExploreSpec;
  readonly onChange: (patch: Partial<ExploreSpec>) => void;
}

/** The question as a sentence whose parts are chosen. Range, filters and who is counted stand in the page's head. */
export function Builder({ spec, onChange }: Props) {
  const isOfEvents = spec.measures.some(({ analysis }) => analysis === "extraction");
  return (
    <section className="surface ask-builder" aria-label={t("Question")}>
      <Line title={t("Measure")}>
        {spec.measures.map((measure, at) => (
          <MeasureField
            key={at}
            nth={at}
            measure={measure}
            of={spec.events}
            onChange={(next) => onChange({ measures: spec.measures.with(at, next) })}
            {...(spec.measures.length > 1 && {
              onRemove: () => onChange({ measures: spec.measures.filter((_, other) => other !== at) }),
            })}
          />
        ))}
        {!isOfEvents && spec.measures.length < MOST.measures && (
          <AddButton onClick={() => onChange({ measures: [...spec.measures, COUNT] })}>{t("Measure")}</AddButton>
        )}
      </Line>
      <Line title={t("Of")}>
        <Events events={spec.events} onChange={(events) => onChange({ events })} />
      </Line>
      {!isOfEvents && (
        <>
          <Line title={t("By")}>
            {spec.groups.map((group, at) => (
              <GroupField
                key={at}
                nth={at}
                group={group}
                of={spec.events}
                onChange={(next) => onChange({ groups: spec.groups.with(at, next) })}
                onRemove={() => onChange({ groups: spec.groups.filter((_, other) => other !== at) })}
              />
            ))}
            {spec.groups.length < MOST.groups && (
              <AddButton onClick={() => onChange({ groups: [...spec.groups, { property: "", size: 0, limits: [] }] })}>
                {t("Group")}
              </AddButton>
            )}
          </Line>
          <Line title={t("Over time")}>
            <Width spec={spec} onChange={onChange} />
          </Line>
          {spec.groups.some(({ property }) => property !== "") && (
            <Line title={t("Rows")}>
              <Rows spec={spec} onChange={onChange} />
            </Line>
          )}
        </>
      )}
    </section>
  );
}

/** The collections that are looked at. */
function Events({
  events,
  onChange,
}: {
  readonly events: readonly string[];
  readonly onChange: (events: readonly string[]) => void;
}) {
  const names = useEventNames();
  const rest = names.filter((name) => !events.includes(name));
  return (
    <>
      {events.map((name) => (
        <span key={name} className="chip">
          <span className="chip-text">
            <b>{eventName(name)}</b>
          </span>
          <RemoveButton
            label={t("Leave out {name}", { name: eventName(name) })}
            onClick={() => onChange(events.filter((other) => other !== name))}
          />
        </span>
      ))}
      {rest.length > 0 && (
        <Choice label={t("Add an event")} value="" onChange={(name) => name !== "" && onChange([...events, name])}>
          <option value="">{events.length === 0 ? t("Every event") : t("Add …")}</option>
          {rest.map((name) => (
            <option key={name} value={name}>
              {eventName(name)}
            </option>
          ))}
        </Choice>
      )}
    </>
  );
}

function Width({ spec, onChange }: Props) {
  const { period, by } = usePage();
  const fitting = intervalsFor(period);
  const labelOf = (name: string) => INTERVALS.find((interval) => interval.name === name)?.label ?? name;
  return (
    <Choice
      label={t("Width of a bucket")}
      value={spec.interval}
      onChange={(interval) => onChange({ interval: interval as ExploreSpec["interval"] })}
    >
      <option value="none">{t("As one number")}</option>
      <option value="auto">{t("By {by}, as fits the range", { by: inSentence(labelOf(by)) })}</option>
      {INTERVALS.filter(({ name }) => fitting.includes(name) || name === spec.interval).map(({ name, label }) => (
        <option key={name} value={name}>
          {t("By {label}", { label: inSentence(label) })}
        </option>
      ))}
    </Choice>
  );
}

/** Which rows, and in which order; over time only how many. */
function Rows({ spec, onChange }: Props) {
  const measures = askable(spec.measures);
  const titles = titlesOf(measures);
  const ordering = labelsOf(measures)
    .map((name, at) => ({ name, title: titles[at] ?? name }))
    .filter((_, at) => measures[at] && isOrderable(measures[at]));
  const labels = ordering.map(({ name }) => name);
  const groups = spec.groups.map(({ property }) => property).filter(Boolean);
  const overTime = spec.interval !== "none";
  const order = [...labels, ...groups].includes(spec.order) ? spec.order : (labels[0] ?? groups[0] ?? "");
  return (
    <>
      <label className="choice">
        <span>{overTime ? t("the largest") : t("at most")}</span>
        <input
          className="button ask-number"
          type="number"
          min={1}
          max={MOST.limit}
          value={spec.limit}
          onChange={(event) => {
            const limit = event.target.valueAsNumber;
            if (Number.isInteger(limit) && limit >= 1 && limit <= MOST.limit) onChange({ limit });
          }}
        />
      </label>
      <Choice label={t("Order by")} value={order} onChange={(next) => onChange({ order: next })}>
        {[...ordering, ...groups.map((name) => ({ name, title: inSentence(propertyLabel(name)) }))].map(
          ({ name, title }) => (
            <option key={name} value={name}>
              {t("by {label}", { label: title })}
            </option>
          ),
        )}
      </Choice>
      {!overTime && (
        <>
          <Choice
            label={t("Direction")}
            value={spec.down ? "down" : "up"}
            onChange={(direction) => onChange({ down: direction === "down" })}
          >
            <option value="down">{t("largest first")}</option>
            <option value="up">{t("smallest first")}</option>
          </Choice>
          <label className="ask-check">
            <input
              type="checkbox"
              checked={spec.other}
              onChange={(event) => onChange({ other: event.target.checked })}
            />
            {t("and a row for everything else")}
          </label>
        </>
      )}
    </>
  );
}
