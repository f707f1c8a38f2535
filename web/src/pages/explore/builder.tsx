import { AddButton, Choice, eventName, Line, RemoveButton, useEventNames } from "../../asking/fields.tsx";
import { INTERVALS, intervalsFor } from "../../state/interval.ts";
import { usePage } from "../../state/page.tsx";
import { GroupField, MeasureField } from "./parts.tsx";
import { askable, COUNT, isOrderable, labelsOf, MOST, type ExploreSpec } from "./spec.ts";
import { propertyLabel } from "../../asking/fields.tsx";

interface Props {
  readonly spec: ExploreSpec;
  readonly onChange: (patch: Partial<ExploreSpec>) => void;
}

/** The question as a sentence whose parts are chosen. Range, filters and who is counted stand in the page's head. */
export function Builder({ spec, onChange }: Props) {
  const isOfEvents = spec.measures.some(({ analysis }) => analysis === "extraction");
  return (
    <section className="surface ask-builder" aria-label="Question">
      <Line title="Measure">
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
          <AddButton onClick={() => onChange({ measures: [...spec.measures, COUNT] })}>Measure</AddButton>
        )}
      </Line>
      <Line title="Of">
        <Events events={spec.events} onChange={(events) => onChange({ events })} />
      </Line>
      {!isOfEvents && (
        <>
          <Line title="By">
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
                Group
              </AddButton>
            )}
          </Line>
          <Line title="Over time">
            <Width spec={spec} onChange={onChange} />
          </Line>
          {spec.groups.some(({ property }) => property !== "") && (
            <Line title="Rows">
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
            label={`Leave out ${eventName(name)}`}
            onClick={() => onChange(events.filter((other) => other !== name))}
          />
        </span>
      ))}
      {rest.length > 0 && (
        <Choice label="Add an event" value="" onChange={(name) => name !== "" && onChange([...events, name])}>
          <option value="">{events.length === 0 ? "Every event" : "Add …"}</option>
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
      label="Width of a bucket"
      value={spec.interval}
      onChange={(interval) => onChange({ interval: interval as ExploreSpec["interval"] })}
    >
      <option value="none">As one number</option>
      <option value="auto">By {labelOf(by).toLowerCase()}, as fits the range</option>
      {INTERVALS.filter(({ name }) => fitting.includes(name) || name === spec.interval).map(({ name, label }) => (
        <option key={name} value={name}>
          By {label.toLowerCase()}
        </option>
      ))}
    </Choice>
  );
}

/** Which rows, and in which order; over time only how many. */
function Rows({ spec, onChange }: Props) {
  const measures = askable(spec.measures);
  const labels = labelsOf(measures).filter((_, at) => measures[at] && isOrderable(measures[at]));
  const groups = spec.groups.map(({ property }) => property).filter(Boolean);
  const overTime = spec.interval !== "none";
  const order = [...labels, ...groups].includes(spec.order) ? spec.order : (labels[0] ?? groups[0] ?? "");
  return (
    <>
      <label className="choice">
        <span>{overTime ? "the largest" : "at most"}</span>
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
      <Choice label="Order by" value={order} onChange={(next) => onChange({ order: next })}>
        {[...labels, ...groups].map((name) => (
          <option key={name} value={name}>
            by {groups.includes(name) ? propertyLabel(name).toLowerCase() : name}
          </option>
        ))}
      </Choice>
      {!overTime && (
        <>
          <Choice
            label="Direction"
            value={spec.down ? "down" : "up"}
            onChange={(direction) => onChange({ down: direction === "down" })}
          >
            <option value="down">largest first</option>
            <option value="up">smallest first</option>
          </Choice>
          <label className="ask-check">
            <input
              type="checkbox"
              checked={spec.other}
              onChange={(event) => onChange({ other: event.target.checked })}
            />
            and a row for everything else
          </label>
        </>
      )}
    </>
  );
}
