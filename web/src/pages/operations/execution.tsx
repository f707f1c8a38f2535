import type { OpsExecution } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import type { Access } from "../../api/session.ts";
import { CopyCode } from "../../design/copy.tsx";
import { momentText } from "../../format/date.ts";
import { valueName } from "../../format/names.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { eventsWith } from "../../questions/events.ts";
import { executionOf } from "../../questions/operations.ts";
import { projectOf } from "../../questions/project.ts";
import { Link } from "../../shell/link.tsx";
import { useParameter } from "../../shell/location.ts";
import { PageHead } from "../../shell/page-head.tsx";
import { useReader } from "../../shell/reader.tsx";
import { Section } from "../../shell/section.tsx";
import { DEFAULT_SEARCH } from "../../state/search.ts";
import { Facts } from "../events/facts.tsx";
import { EventTable } from "../events/event-table.tsx";
import { callsOf, Waterfall } from "./waterfall.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { durationText, useOperator } from "./use-operator.ts";
import "./operations.css";

/** Events of an execution that are listed. */
const LISTED = 100;

/** One execution: how it ended, what it waited for, and the events that it accepted or stored. */
export function OneExecution() {
  const id = useParameter("execution");
  const { access } = useOperator();
  const found = useQuery(executionOf(access, id));
  return (
    <>
      <PageHead title={t("Execution")}>
        <Link className="button small" to="/operations/executions" search={DEFAULT_SEARCH}>
          {t("Executions")}
        </Link>
      </PageHead>
      <main className="dashboard">
        <Asked query={found} rows={8}>
          {({ execution, record }) => (
            <div className="sections">
              <About execution={execution} />
              <Section title={t("Calls")} about={t("What it asked of others, and when.")}>
                <Waterfall calls={callsOf(record)} totalMs={execution.duration_ms} />
              </Section>
              <EventsOf execution={execution} />
              <Section title={t("As it was logged")}>
                <div className="execution-line">
                  <CopyCode code={JSON.stringify(record, null, 2)} label={t("Line of the log")} />
                </div>
              </Section>
            </div>
          )}
        </Asked>
      </main>
    </>
  );
}

function About({ execution }: { readonly execution: OpsExecution }) {
  const { locale, zone, numbers } = useOperator();
  const { id, started_at, duration_ms, status, cold, trigger, memory, error, fingerprint, labels, stands_for } =
    execution;
  const facts = [
    { name: t("Outcome"), value: <StatusBadge status={status} /> },
    ...(error === null ? [] : [{ name: t("Because"), value: error }]),
    ...(fingerprint === null
      ? []
      : [
          {
            name: t("Others like it"),
            value: (
              <Link to="/operations/executions" search={{ ...DEFAULT_SEARCH, since: "7d", fingerprint }}>
                {fingerprint}
              </Link>
            ),
          },
        ]),
    { name: t("Started"), value: momentText(locale, zone, Date.parse(started_at)) },
    {
      name: t("Took"),
      value: cold
        ? t("{time}, the first of its process", { time: durationText(locale, duration_ms) })
        : durationText(locale, duration_ms),
    },
    { name: t("Set off by"), value: trigger },
    ...(memory === null ? [] : [{ name: t("Memory"), value: `${numbers.count(memory / 1_048_576)} MiB` }]),
    ...(stands_for > 1
      ? [{ name: t("Stands for"), value: t("{count} ordinary runs", { count: numbers.count(stands_for) }) }]
      : []),
    { name: t("Labels"), value: labels.join(" · ") },
    { name: t("Id"), value: <code>{id}</code> },
  ];
  return (
    <Section title={execution.function}>
      <Facts facts={facts} />
    </Section>
  );
}

const EVENTS_OF: Readonly<Record<string, { readonly field: string; readonly title: string }>> = {
  collector: { field: "$execution.collector", title: t("Events that it stored") },
  ingest: { field: "$execution.ingest", title: t("Events that it accepted") },
};

/** The way back: the events that name this execution, of the projects that were in it, as far as they are the reader's. */
function EventsOf({ execution }: { readonly execution: OpsExecution }) {
  const { projects } = useReader();
  const what = EVENTS_OF[execution.function];
  if (!what) return null;
  const named = execution.labels.filter((label) => label.startsWith("project=")).map((label) => label.slice(8));
  const theirs = projects.filter(({ id }) => named.includes(id));
  return theirs.map((project) => (
    <EventsIn key={project.id} project={project} field={what.field} title={what.title} id={execution.id} />
  ));
}

interface EventsInProps {
  readonly project: Access;
  readonly field: string;
  readonly title: string;
  readonly id: string;
}

function EventsIn({ project, field, title, id }: EventsInProps) {
  const { locale, zone, numbers } = useOperator();
  const info = useQuery(projectOf(project));
  const collections = info.data?.collections ?? [];
  const query = eventsWith(project, collections, field, id, LISTED);
  const events = useQuery({ ...query, enabled: collections.length > 0 });
  return (
    <Section title={t("{title} in {name}", { title, name: project.name })}>
      <Asked query={events}>
        {(found) =>
          found.length > 0 ? (
            <>
              <EventTable
                label={title}
                events={found}
                columns={["$page.path", "$visit.source"]}
                page={{
                  locale,
                  names: valueName(locale),
                  access: { id: project.id, timezone: info.data?.timezone ?? zone },
                }}
              />
              {found.length === LISTED && (
                <p className="section-note">{t("The latest {count} of them.", { count: numbers.count(LISTED) })}</p>
              )}
            </>
          ) : (
            <Nothing>{t("None is stored: it stored nothing, or it was deleted.")}</Nothing>
          )
        }
      </Asked>
    </Section>
  );
}
