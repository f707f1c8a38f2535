import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { EventField } from "../../asking/event-field.tsx";
import { Choice, Line, PropertySelect, RemoveButton } from "../../asking/fields.tsx";
import { plural, t } from "../../language/words.ts";
import { topOf } from "../../questions/rows.ts";
import { usePage } from "../../state/page.tsx";
import { useSettled } from "../../state/use-settled.ts";
import type { PathsSpec } from "./spec.ts";

interface Props {
  readonly spec: PathsSpec;
  readonly onChange: (patch: Partial<PathsSpec>) => void;
}

/** What steps are, where paths begin, and how far they are followed. */
export function PathsBuilder({ spec, onChange }: Props) {
  const { names } = usePage();
  return (
    <section className="surface ask-builder" aria-label={t("Question")}>
      <Line title={t("Steps are")}>
        <PropertySelect
          label={t("What a step is called by")}
          kind="values"
          value={spec.step}
          onChange={(step) => onChange({ step, anchor: "" })}
          of={spec.of.event === "" ? [] : [spec.of.event]}
        />
        <span>{t("of")}</span>
        <EventField label={t("steps")} choice={spec.of} onChange={(of) => onChange({ of, step: spec.step })} />
      </Line>
      <Line title={t("Paths")}>
        <Choice
          label={t("Direction")}
          value={spec.direction}
          onChange={(direction) => onChange({ direction: direction as PathsSpec["direction"] })}
        >
          <option value="next">{t("go on from")}</option>
          <option value="previous">{t("lead to")}</option>
        </Choice>
        {spec.anchor === "" ? (
          <>
            <span>{spec.direction === "next" ? t("where sessions begin") : t("where sessions end")}</span>
            <AnchorField spec={spec} onChange={(anchor) => onChange({ anchor })} />
          </>
        ) : (
          <span className="chip">
            <span className="chip-text">
              <b>{names(spec.step, spec.anchor)}</b>
            </span>
            <RemoveButton label={t("From every session")} onClick={() => onChange({ anchor: "" })} />
          </span>
        )}
      </Line>
      <Line title={t("Shown")}>
        <Choice label={t("Steps")} value={String(spec.depth)} onChange={(depth) => onChange({ depth: Number(depth) })}>
          {[1, 2, 3, 4, 5, 6, 8, 10].map((depth) => (
            <option key={depth} value={depth}>
              {plural(depth, "{n} step", "{n} steps")}
            </option>
          ))}
        </Choice>
        <Choice
          label={t("Places of each step")}
          value={String(spec.values)}
          onChange={(values) => onChange({ values: Number(values) })}
        >
          {[4, 6, 10, 20, 50].map((values) => (
            <option key={values} value={values}>
              {t("{count} places each", { count: values })}
            </option>
          ))}
        </Choice>
        <PropertySelect
          label={t("What steps belong together by")}
          kind="actors"
          value={spec.session}
          onChange={(session) => onChange({ session })}
          of={[]}
        />
      </Line>
    </section>
  );
}

/** Values offered while a place is typed. */
const OFFERED = 12;

/** Where paths begin, found by the server among all values of the range. */
function AnchorField({ spec, onChange }: { readonly spec: PathsSpec; readonly onChange: (anchor: string) => void }) {
  const { ask } = usePage();
  const [text, setText] = useState("");
  const search = useSettled(text.trim());
  const breakdown = { id: "anchor", field: spec.step, measure: t("Events"), counts: "events" } as const;
  const top = useQuery(topOf(ask, breakdown, OFFERED, search));
  const offered = (top.data ?? []).flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  const take = () => text.trim() !== "" && onChange(text.trim());
  return (
    <form
      className="choice"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <input
        className="button ask-anchor"
        list="paths-anchors"
        aria-label={t("Begin at")}
        placeholder={t("or at …")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (offered.includes(event.target.value)) onChange(event.target.value);
        }}
      />
      <datalist id="paths-anchors">
        {offered.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </form>
  );
}
