import { useMemo } from "react";
import type { AskedQuestion } from "../../asking/question.ts";
import { useAnswer, type Asking } from "../../asking/use-answer.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { askable, type ExploreSpec } from "./spec.ts";
import { needsTop, toQuestion, toTopQuestion, withTop, type Around } from "./to-question.ts";

/** What the builder asks, and how that stands. */
export interface Exploration {
  readonly asking: Asking<ExploreSpec>;
  readonly question: AskedQuestion | undefined;
  /** What the builder lacks to be a question. */
  readonly missing: string | undefined;
}

export function useExploration(spec: ExploreSpec): Exploration {
  const { ask, search, by } = usePage();
  const around = useMemo(
    (): Around => ({ ask, range: search.range, compare: search.compare, by }),
    [ask, search.range, search.compare, by],
  );
  const isTopped = needsTop(spec);
  const top = useAnswer(isTopped ? toTopQuestion(spec, around) : undefined, spec);
  const property = spec.groups.find((group) => group.property !== "")?.property ?? "";
  const question = useMemo(() => {
    const whole = toQuestion(spec, around);
    if (!whole || !isTopped) return whole;
    const rows =
      top.shown && !top.isStale ? (top.shown.answer.result as readonly Record<string, unknown>[]) : undefined;
    return (
      rows &&
      withTop(
        whole,
        property,
        rows.map((row) => row[property] ?? null),
      )
    );
  }, [spec, around, isTopped, top.shown, top.isStale, property]);
  const asking = useAnswer(question, spec);
  const missing = askable(spec.measures).length === 0 ? t("Choose the property to compute with.") : undefined;
  return { asking: top.failure ? top : asking, question, missing };
}
