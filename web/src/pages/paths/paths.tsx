import { useMemo } from "react";
import { Frame } from "../../asking/frame.tsx";
import { useAnswer } from "../../asking/use-answer.ts";
import { useSpec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { PathsBuilder } from "./builder.tsx";
import { PathsResult } from "./result.tsx";
import { completed, PATHS, toQuestion } from "./spec.ts";

/** Where sessions went next, or what led to a place. */
export function Paths() {
  const { ask, search } = usePage();
  const [chosen, change] = useSpec(PATHS);
  const spec = useMemo(() => completed(chosen, ask), [chosen, ask]);
  const question = useMemo(() => toQuestion(spec, ask, search.range), [spec, ask, search.range]);
  const asking = useAnswer(question, spec);
  return (
    <Frame title={t("Paths")} page="paths" question={question}>
      <PathsBuilder spec={spec} onChange={change} />
      <section className="surface ask-result" aria-label={t("Paths")}>
        <PathsResult asking={asking} onChange={change} />
      </section>
    </Frame>
  );
}
