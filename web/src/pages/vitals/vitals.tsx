import { t } from "../../language/words.ts";
import { useQuery } from "@tanstack/react-query";
import { CopyCode } from "../../design/copy.tsx";
import { Asked } from "../../panels/asked.tsx";
import { EmptyRange } from "../../panels/empty-range.tsx";
import { vitalsOf, WEB_VITALS, type VitalFacts } from "../../questions/vitals.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { ratingOf, RATINGS, VITALS, vitalOf, vitalText, type Vital } from "../../state/vitals.ts";
import { Shares } from "./shares.tsx";
import { ScriptErrors } from "./script-errors.tsx";
import { VitalTrend } from "./trend.tsx";
import { VitalRows } from "./vital-rows.tsx";
import "./vitals.css";

/** How quick the pages are where their visitors are, and what fails there. */
export function Vitals() {
  const { collections } = usePage();
  return (
    <>
      <EmptyRange />
      {collections.includes(WEB_VITALS) ? <WebVitals /> : <NoVitals />}
      <ScriptErrors />
    </>
  );
}

function WebVitals() {
  const { ask, search, update } = usePage();
  const chosen = vitalOf(search.q);
  const vitals = useQuery(vitalsOf(ask));
  return (
    <>
      <Section
        title={t("Web vitals")}
        about={t("Three in four loads were as good or better. Choose one to see it over time, and where it is worst.")}
      >
        <Asked query={vitals} rows={3}>
          {(facts) => (
            <div className="vitals" role="group" aria-label={t("Web vitals")}>
              {VITALS.map((vital) => (
                <VitalCard
                  key={vital.id}
                  vital={vital}
                  facts={facts[vital.id]}
                  isChosen={vital.id === chosen.id}
                  onChoose={() => update({ q: vital.id })}
                />
              ))}
            </div>
          )}
        </Asked>
        <VitalTrend vital={chosen} />
      </Section>
      <VitalRows
        vital={chosen}
        property="$page.path"
        title={t("{vital} by page", { vital: chosen.label })}
        of={t("Page")}
      />
      <div className="vital-pair">
        <VitalRows
          vital={chosen}
          property="$device"
          title={t("{vital} by device", { vital: chosen.label })}
          of={t("Device")}
        />
        <VitalRows
          vital={chosen}
          property="$geo.country"
          title={t("{vital} by country", { vital: chosen.label })}
          of={t("Country")}
        />
      </div>
    </>
  );
}

interface CardProps {
  readonly vital: Vital;
  readonly facts: VitalFacts | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function VitalCard({ vital, facts, isChosen, onChoose }: CardProps) {
  const { locale } = usePage();
  const p75 = facts?.p75 ?? null;
  const rating = RATINGS.find((each) => p75 !== null && each.rating === ratingOf(vital, p75));
  return (
    <button type="button" className="vital" aria-pressed={isChosen} title={vital.about} onClick={onChoose}>
      <span>{vital.label}</span>
      <b>{vitalText(vital, p75, locale)}</b>
      {rating && <span className={`vital-rating ${rating.rating}`}>{rating.label}</span>}
      {facts && <Shares facts={facts} />}
    </button>
  );
}

function NoVitals() {
  const { access } = usePage();
  const tag = `<script defer src="${location.origin}/t.errors.vitals.js" data-key="WRITE_KEY"></script>`;
  return (
    <Section
      title={t("Web vitals")}
      about={t(
        "No page of {project} has told how quick it is. Put the parts vitals and errors into the name of the script:",
        { project: access.name },
      )}
    >
      <div className="vitals-example">
        <CopyCode code={tag} label={t("The script with vitals")} />
      </div>
    </Section>
  );
}
