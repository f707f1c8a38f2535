import type { VitalFacts } from "../../questions/vitals.ts";
import { usePage } from "../../state/page.tsx";
import { RATINGS } from "../../state/vitals.ts";

/** Which share of the loads was good, needs work, was poor: a bar, and in words for who cannot see it. */
export function Shares({ facts }: { readonly facts: VitalFacts }) {
  const { numbers } = usePage();
  const all = facts.good + facts.fair + facts.poor;
  if (all === 0) return null;
  const words = RATINGS.map(({ rating, label }) => `${numbers.value(facts[rating] / all, "percent")} ${label}`);
  return (
    <span className="vital-shares" title={words.join(", ")}>
      <span className="visually-hidden">{words.join(", ")}</span>
      {RATINGS.map(({ rating }) => (
        <i key={rating} className={rating} style={{ flexGrow: facts[rating] }} aria-hidden="true" />
      ))}
    </span>
  );
}
