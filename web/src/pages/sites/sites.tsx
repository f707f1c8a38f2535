import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { numberFormat } from "../../format/number.ts";
import { locale, t } from "../../language/words.ts";
import { Nothing } from "../../panels/states.tsx";
import { siteOf, type SiteFacts } from "../../questions/sites.ts";
import { PageHead } from "../../shell/page-head.tsx";
import { useReader } from "../../shell/reader.tsx";
import { Section } from "../../shell/section.tsx";
import { SiteRow } from "./site-row.tsx";
import "./sites.css";

/** Sites that are asked for at once: each is a request or two of its own. */
const STEP = 20;

/** All projects of the reader at a glance, and their sum. */
export function Sites() {
  const { projects } = useReader();
  const [text, setText] = useState("");
  const [shown, setShown] = useState(STEP);
  const wanted = text.trim().toLowerCase();
  const found = projects.filter(({ name }) => name.toLowerCase().includes(wanted));
  const listed = found.slice(0, shown);
  const facts = useQueries({ queries: listed.map((project) => siteOf(project)) });
  return (
    <>
      <PageHead title={t("Sites")}>
        <label>
          <span className="visually-hidden">{t("Search sites")}</span>
          <input
            className="button sites-search"
            type="search"
            placeholder={t("Search")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </PageHead>
      <main className="dashboard">
        <Sum facts={facts.map(({ data }) => data)} of={listed.length} all={found.length} />
        <Section title={t("Sites")} about={t("The last 24 hours, and how they compare with the 24 before.")}>
          {listed.length === 0 ? (
            <Nothing>{t("No site is called so.")}</Nothing>
          ) : (
            <ul className="sites">
              {listed.map((project, at) => {
                const query = facts[at];
                return query && <SiteRow key={project.id} project={project} query={query} />;
              })}
            </ul>
          )}
          {found.length > listed.length && (
            <button type="button" className="button small sites-more" onClick={() => setShown(shown + STEP)}>
              {t("Show more")}
            </button>
          )}
        </Section>
      </main>
    </>
  );
}

interface SumProps {
  readonly facts: readonly (SiteFacts | null | undefined)[];
  readonly of: number;
  readonly all: number;
}

/** What is listed, added up. Visitors are those of each site: nobody can tell whether two sites saw the same person. */
function Sum({ facts, of, all }: SumProps) {
  const numbers = numberFormat(locale);
  const known = facts.filter((one) => one !== undefined);
  const sum = (about: SiteFacts["about"], which: "now" | "current") =>
    known.reduce((total, one) => total + (one?.about === about ? one[which] : 0), 0);
  const figures = [
    { label: t("Visitors, 24 hours"), value: sum("visitors", "now") },
    { label: t("Online now"), value: sum("visitors", "current") + sum("events", "current") },
    ...(known.some((one) => one?.about === "events")
      ? [{ label: t("Events of the others, 24 hours"), value: sum("events", "now") }]
      : []),
  ];
  return (
    <Section
      title={t("All together")}
      about={all > of ? t("The {count} of {all} that are listed.", { count: of, all }) : undefined}
    >
      <dl className="figures" aria-busy={known.length < of}>
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{numbers.count(value)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
