import { ANY_EVENT } from "../../asking/events.ts";
import { EventField } from "../../asking/event-field.tsx";
import { AddButton, Choice, Line, PropertySelect, RemoveButton } from "../../asking/fields.tsx";
import { Icon } from "../../design/icon.tsx";
import { t } from "../../language/words.ts";
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
    <section className="surface ask-builder" aria-label={t("Question")}>
      {steps.map((step, at) => (
        <Line key={at} title={t("Step {at}", { at: at + 1 })}>
          <EventField
            label={t("step {at}", { at: at + 1 })}
            choice={step}
            onChange={(next) => onChange({ steps: steps.with(at, next) })}
          />
          {at > 0 && (
            <button
              type="button"
              className="button quiet icon small"
              aria-label={t("Step {at} earlier", { at: at + 1 })}
              title={t("Earlier")}
              onClick={() => swap(at)}
            >
              <Icon name="up" />
            </button>
          )}
          {steps.length > 2 && (
            <RemoveButton
              label={t("Remove step {at}", { at: at + 1 })}
              onClick={() => onChange({ steps: steps.filter((_, other) => other !== at) })}
            />
          )}
        </Line>
      ))}
      <Line title={t("Then")}>
        {steps.length < MOST_STEPS && (
          <AddButton onClick={() => onChange({ steps: [...steps, { ...ANY_EVENT, event: first }] })}>
            {t("Step")}
          </AddButton>
        )}
      </Line>
      <Line title={t("Who")}>
        <PropertySelect
          label={t("Who does the steps")}
          kind="actors"
          value={spec.actor}
          onChange={(actor) => onChange({ actor })}
          of={steps.map(({ event }) => event).filter(Boolean)}
        />
        <Choice
          label={t("Order of the steps")}
          value={spec.ordered ? "ordered" : "any"}
          onChange={(order) => onChange({ ordered: order === "ordered" })}
        >
          <option value="ordered">{t("one step after the other")}</option>
          <option value="any">{t("in whatever order")}</option>
        </Choice>
        {spec.ordered && (
          <label className="choice">
            <span>{t("within")}</span>
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
        <Line title={t("By")}>
          <PropertySelect
            label={t("Broken down by")}
            kind="values"
            value={spec.breakdown}
            onChange={(breakdown) => onChange({ breakdown })}
            of={first === "" ? [] : [first]}
            none={t("nothing")}
          />
        </Line>
      )}
    </section>
  );
}
