import { ANY_EVENT } from "../../asking/events.ts";
import { EventField } from "../../asking/event-field.tsx";
import { AddButton, Choice, Line, PropertySelect, RemoveButton } from "../../asking/fields.tsx";
import { Icon } from "../../design/icon.tsx";
import { usePage } from "../../state/page.tsx";
import { MOST_STEPS, stepsOf, WINDOWS, type FunnelSpec } from "./spec.ts";

interface Props {
  readonly spec: FunnelSpec;
  readonly onChange: (patch: Partial<FunnelSpec>) => void;
}

/** The steps, who does them, and what holds between them. */
export function FunnelBuilder({ spec, onChange }: Props) {
  const { collections } = usePage();
  const steps = stepsOf(spec, collections);
  const first = steps[0]?.event ?? "";
  const swap = (at: number) =>
    onChange({ steps: steps.with(at, steps[at - 1] ?? ANY_EVENT).with(at - 1, steps[at] ?? ANY_EVENT) });
  return (
    <section className="surface ask-builder" aria-label="Question">
      {steps.map((step, at) => (
        <Line key={at} title={`Step ${at + 1}`}>
          <EventField
            label={`step ${at + 1}`}
            choice={step}
            onChange={(next) => onChange({ steps: steps.with(at, next) })}
          />
          {at > 0 && (
            <button
              type="button"
              className="button quiet icon small"
              aria-label={`Step ${at + 1} earlier`}
              title="Earlier"
              onClick={() => swap(at)}
            >
              <Icon name="up" />
            </button>
          )}
          {steps.length > 2 && (
            <RemoveButton
              label={`Remove step ${at + 1}`}
              onClick={() => onChange({ steps: steps.filter((_, other) => other !== at) })}
            />
          )}
        </Line>
      ))}
      <Line title="Then">
        {steps.length < MOST_STEPS && (
          <AddButton onClick={() => onChange({ steps: [...steps, { ...ANY_EVENT, event: first }] })}>Step</AddButton>
        )}
      </Line>
      <Line title="Who">
        <PropertySelect
          label="Who does the steps"
          kind="actors"
          value={spec.actor}
          onChange={(actor) => onChange({ actor })}
          of={steps.map(({ event }) => event).filter(Boolean)}
        />
        <Choice
          label="Order of the steps"
          value={spec.ordered ? "ordered" : "any"}
          onChange={(order) => onChange({ ordered: order === "ordered" })}
        >
          <option value="ordered">one step after the other</option>
          <option value="any">in whatever order</option>
        </Choice>
        {spec.ordered && (
          <label className="choice">
            <span>within</span>
            <select
              className="button"
              value={spec.window}
              onChange={(event) => onChange({ window: event.target.value })}
            >
              {WINDOWS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )}
      </Line>
      {spec.ordered && (
        <Line title="By">
          <PropertySelect
            label="Broken down by"
            kind="values"
            value={spec.breakdown}
            onChange={(breakdown) => onChange({ breakdown })}
            of={first === "" ? [] : [first]}
            none="nothing"
          />
        </Line>
      )}
    </section>
  );
}
