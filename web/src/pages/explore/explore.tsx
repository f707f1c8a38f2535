import { Frame } from "../../asking/frame.tsx";
import { useSpec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { Builder } from "./builder.tsx";
import { InWords } from "./in-words/in-words.tsx";
import { ExploreResult } from "./result.tsx";
import { EXPLORE } from "./spec.ts";
import { useExploration } from "./use-exploration.ts";

/** Any question that the language can ask about values, in words or built by hand. */
export function Explore() {
  const [spec, change] = useSpec(EXPLORE);
  const exploration = useExploration(spec);
  return (
    <Frame title={t("Explore")} page="explore" question={exploration.question}>
      <InWords />
      <Builder spec={spec} onChange={change} />
      <section className="surface ask-result" aria-label={t("Answer")}>
        <ExploreResult exploration={exploration} onChange={change} />
      </section>
    </Frame>
  );
}
