import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Segmented } from "../../design/segmented.tsx";
import { clockText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { ValueMark } from "../../marks/value-mark.tsx";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { VIEWS } from "../../questions/ask.ts";
import { nowOf, type Counted, type Now } from "../../questions/now.ts";
import { Section } from "../../shell/section.tsx";
import { fieldOf } from "../../state/event-fields.ts";
import { usePage } from "../../state/page.tsx";
import { EventTable } from "../events/event-table.tsx";
import { Minutes } from "./minutes.tsx";
import "./live.css";

/** The last thirty minutes, as they go by. */
export function Live() {
  const { access, collections, locale } = usePage();
  const [paused, setPaused] = useState(false);
  const now = useQuery({ ...nowOf(access, collections), enabled: !paused });
  return (
    <>
      <Section
        title={t("Live")}
        about={t("The last 30 minutes, bots left out. It follows by itself while this tab is in view.")}
        tools={
          <>
            <span className="age" role="status" hidden={!paused}>
              {paused && t("Stopped at {time}", { time: clockText(locale, access.timezone, now.dataUpdatedAt) })}
            </span>
            <button type="button" className="button small" aria-pressed={paused} onClick={() => setPaused(!paused)}>
              {paused ? t("Go on") : t("Pause")}
            </button>
          </>
        }
      >
        <Asked query={now} rows={5}>
          {(told) => <Figures now={told} />}
        </Asked>
      </Section>
      {now.data && (
        <>
          <div className="live-lists">
            <List title={t("Pages")} field="$page.path" rows={now.data.pages} />
            <List title={t("Sources")} field="$visit.source" rows={now.data.sources} />
            <List title={t("Countries")} field="$geo.country" rows={now.data.countries} />
          </div>
          <Stream now={now.data} />
        </>
      )}
    </>
  );
}

function Figures({ now }: { readonly now: Now }) {
  const { numbers } = usePage();
  const sum = (of: "views" | "events") => now.minutes.reduce((total, minute) => total + minute[of], 0);
  const figures = [
    { label: t("Visitors, last 5 minutes"), value: now.current },
    { label: t("Visitors, 30 minutes"), value: now.visitors },
    { label: t("Page views"), value: sum("views") },
    { label: t("Events"), value: sum("events") },
  ];
  return (
    <>
      <dl className="figures">
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{numbers.count(value)}</dd>
          </div>
        ))}
      </dl>
      <Minutes minutes={now.minutes} />
    </>
  );
}

interface ListProps {
  readonly title: string;
  readonly field: string;
  readonly rows: readonly Counted[];
}

function List({ title, field, rows }: ListProps) {
  const { names, numbers } = usePage();
  const largest = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <Nothing>{t("Nobody was here.")}</Nothing>
      ) : (
        <ul className="live-list">
          {rows.map(({ value, count }) => (
            <li key={value}>
              <span className="row-bar" style={{ inlineSize: `${(count / largest) * 100}%` }} aria-hidden="true" />
              <span className="row-name">
                <ValueMark field={field} value={value} />
                <bdi>{names(field, value)}</bdi>
              </span>
              <span className="row-count">{numbers.count(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const KINDS = [
  { value: "all", label: t("All") },
  { value: "views", label: t("Views") },
  { value: "events", label: t("Events") },
] as const;
type Kind = (typeof KINDS)[number]["value"];

/** Events as they arrive, the newest on top. */
function Stream({ now }: { readonly now: Now }) {
  const page = usePage();
  const [kind, setKind] = useState<Kind>("all");
  const shown = now.events.filter(
    (event) => kind === "all" || (fieldOf(event, "$collection") === VIEWS) === (kind === "views"),
  );
  return (
    <Section
      title={t("As they arrive")}
      tools={<Segmented label={t("Which events")} options={KINDS} value={kind} onChange={setKind} />}
    >
      {shown.length === 0 ? (
        <Nothing>{t("Nothing in the last 30 minutes.")}</Nothing>
      ) : (
        <EventTable
          label={t("Latest events")}
          events={shown}
          columns={["$page.path", "$visit.source", "$geo.country", "$device"]}
          page={page}
        />
      )}
    </Section>
  );
}
