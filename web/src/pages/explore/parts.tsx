import { useState } from "react";
import { Choice, PropertySelect, RemoveButton } from "../../asking/fields.tsx";
import { t } from "../../language/words.ts";
import { ANALYSES, COUNT, needsTarget, type AnalysisName, type Group, type Measure } from "./spec.ts";

interface MeasureProps {
  readonly nth: number;
  readonly measure: Measure;
  readonly of: readonly string[];
  readonly onChange: (measure: Measure) => void;
  readonly onRemove?: () => void;
}

/** One number to compute: how, and of which property. */
export function MeasureField({ nth, measure, of, onChange, onRemove }: MeasureProps) {
  const { analysis, property, percentiles } = measure;
  const counts = analysis === "count_unique" || analysis === "select_unique";
  const name = nth === 0 ? t("measure") : t("measure {nth}", { nth: nth + 1 });
  const choose = (next: AnalysisName) => {
    const isSameKind = (next === "count_unique" || next === "select_unique") === counts;
    const kept = isSameKind || !needsTarget(next) ? property : "";
    onChange({ ...measure, analysis: next, property: next === "count_unique" && kept === "" ? "$visitor" : kept });
  };
  return (
    <span className="ask-part">
      <Choice label={t("Kind of {name}", { name })} value={analysis} onChange={(next) => choose(next as AnalysisName)}>
        {ANALYSES.map((each) => (
          <option key={each.name} value={each.name}>
            {each.label}
          </option>
        ))}
      </Choice>
      {needsTarget(analysis) && (
        <PropertySelect
          label={t("Property of {name}", { name })}
          kind={counts ? "actors" : "numbers"}
          value={property}
          onChange={(next) => onChange({ ...measure, property: next })}
          of={of}
          none={t("property …")}
        />
      )}
      {analysis === "percentiles" && (
        <NumbersField
          label={t("Percentiles")}
          numbers={percentiles}
          isAllowed={(each) => each >= 0 && each <= 100}
          onChange={(next) => onChange({ ...measure, percentiles: next.length > 0 ? next : COUNT.percentiles })}
        />
      )}
      {onRemove && <RemoveButton label={t("Remove {name}", { name })} onClick={onRemove} />}
    </span>
  );
}

interface GroupProps {
  readonly nth: number;
  readonly group: Group;
  readonly of: readonly string[];
  readonly onChange: (group: Group) => void;
  readonly onRemove: () => void;
}

/** One key of groups: a property, as its values, in steps of a size, or between limits. */
export function GroupField({ nth, group, of, onChange, onRemove }: GroupProps) {
  const name = nth === 0 ? t("group") : t("group {nth}", { nth: nth + 1 });
  const kind = group.size > 0 ? "steps" : group.limits.length > 0 ? "ranges" : "values";
  const choose = (next: string) =>
    onChange({ ...group, size: next === "steps" ? 10 : 0, limits: next === "ranges" ? [10, 100] : [] });
  return (
    <span className="ask-part">
      <PropertySelect
        label={t("Property of {name}", { name })}
        kind="values"
        value={group.property}
        onChange={(property) => onChange({ ...group, property })}
        of={of}
        none={t("property …")}
      />
      {group.property !== "" && (
        <Choice label={t("Form of {name}", { name })} value={kind} onChange={choose}>
          <option value="values">{t("each value")}</option>
          <option value="steps">{t("in steps of")}</option>
          <option value="ranges">{t("between")}</option>
        </Choice>
      )}
      {kind === "steps" && (
        <NumbersField
          label={t("Step of {name}", { name })}
          numbers={[group.size]}
          isAllowed={(each) => each > 0}
          onChange={([size]) => size !== undefined && onChange({ ...group, size })}
        />
      )}
      {kind === "ranges" && (
        <NumbersField
          label={t("Limits of {name}", { name })}
          numbers={group.limits}
          isAllowed={() => true}
          onChange={(limits) => limits.length > 1 && onChange({ ...group, limits })}
        />
      )}
      <RemoveButton label={t("Remove {name}", { name })} onClick={onRemove} />
    </span>
  );
}

interface NumbersProps {
  readonly label: string;
  readonly numbers: readonly number[];
  readonly isAllowed: (number: number) => boolean;
  readonly onChange: (numbers: readonly number[]) => void;
}

/** Numbers with commas between them, taken when the field is left or Enter is pressed: while they are typed they mean nothing yet. */
function NumbersField({ label, numbers, isAllowed, onChange }: NumbersProps) {
  const written = numbers.join(", ");
  const [text, setText] = useState<string>();
  const take = () => {
    if (text === undefined) return;
    const read = text
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number);
    setText(undefined);
    if (read.length > 0 && read.every((each) => Number.isFinite(each) && isAllowed(each))) onChange([...new Set(read)]);
  };
  return (
    <label className="choice">
      <span className="visually-hidden">{label}</span>
      <input
        className="button ask-numbers"
        inputMode="decimal"
        value={text ?? written}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
      />
    </label>
  );
}
