import { useMemo } from "react";
import { EventField } from "../../asking/event-field.tsx";
import { Choice, Line, PropertySelect } from "../../asking/fields.tsx";
import { Frame } from "../../asking/frame.tsx";
import { useAnswer } from "../../asking/use-answer.ts";
import { useSpec } from "../../asking/use-spec.ts";
import { inSentence, t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { RetentionResult } from "./result.tsx";
import { COHORTS, RETENTION, toQuestion, widthOf, type RetentionSpec } from "./spec.ts";

/** Who came back, by when they began. */
export function Retention() {
  const { ask, search } = usePage();
  const [spec, change] = useSpec(RETENTION);
  const question = useMemo(() => toQuestion(spec, ask, search.range), [spec, ask, search.range]);
  const asking = useAnswer(question, spec);
  return (
    <Frame title={t("Retention")} page="retention" question={question}>
      <Builder spec={spec} onChange={change} />
      <section className="surface ask-result" aria-label={t("Answer")}>
        <RetentionResult asking={asking} onChange={change} />
      </section>
    </Frame>
  );
}

interface BuilderProps {
  readonly spec: RetentionSpec;
  readonly onChange: (patch: Partial<RetentionSpec>) => void;
}

function Builder({ spec, onChange }: BuilderProps) {
  const { period } = usePage();
  const fitting = COHORTS.find(({ value }) => value === widthOf({ width: "auto" }, period))?.label ?? "";
  return (
    <section className="surface ask-builder" aria-label={t("Question")}>
      <Line title={t("Began with")}>
        <EventField label={t("the beginning")} choice={spec.first} onChange={(first) => onChange({ first })} />
      </Line>
      <Line title={t("Came back")}>
        <EventField
          label={t("coming back")}
          choice={spec.returning}
          onChange={(returning) => onChange({ returning })}
        />
      </Line>
      <Line title={t("Who")}>
        <PropertySelect
          label={t("Who comes back")}
          kind="actors"
          value={spec.actor}
          onChange={(actor) => onChange({ actor })}
          of={[spec.first.event].filter(Boolean)}
        />
        <Choice
          label={t("Width of a cohort")}
          value={spec.width}
          onChange={(width) => onChange({ width: width as RetentionSpec["width"] })}
        >
          <option value="auto">{t("by {by}, as fits the range", { by: inSentence(fitting) })}</option>
          {COHORTS.map(({ value, label }) => (
            <option key={value} value={value}>
              {t("by {label}", { label: inSentence(label) })}
            </option>
          ))}
        </Choice>
        <Choice
          label={t("When somebody counts as having come back")}
          value={spec.unbounded ? "later" : "then"}
          onChange={(when) => onChange({ unbounded: when === "later" })}
        >
          <option value="then">{t("in that very period")}</option>
          <option value="later">{t("in that period or later")}</option>
        </Choice>
      </Line>
    </section>
  );
}
