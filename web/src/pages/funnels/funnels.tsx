import { useMemo } from "react";
import { Frame } from "../../asking/frame.tsx";
import { useAnswer } from "../../asking/use-answer.ts";
import { useSpec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { FunnelBuilder } from "./builder.tsx";
import { FunnelResult } from "./result.tsx";
import { FUNNEL, toQuestion } from "./spec.ts";

/** How many did one thing after another, and where the others stopped. */
export function Funnels() {
  const { ask, search } = usePage();
  const [spec, change] = useSpec(FUNNEL);
  const question = useMemo(() => toQuestion(spec, ask, search.range), [spec, ask, search.range]);
  const asking = useAnswer(question, spec);
  return (
    <Frame title={t("Funnels")} page="funnels" question={question}>
      <FunnelBuilder spec={spec} onChange={change} />
      <section className="surface ask-result" aria-label={t("Funnel")}>
        <FunnelResult asking={asking} />
      </section>
    </Frame>
  );
}
