import type { ReportAnswer, WatchAnswer } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { maySend } from "../../api/session.ts";
import { ConfirmButton } from "../../design/confirm.tsx";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { reportsOf, useSentChange, watchesOf, type SentChange, type SentKind } from "../../questions/sending.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";
import { alertWords, ofReport, ofWatch, scheduleWords } from "./definition.ts";
import ReportDialog from "./report-dialog.tsx";
import { CHANNELS } from "./targets.tsx";
import WatchDialog from "./watch-dialog.tsx";
import { watchedMetric } from "./watched.ts";

type Edited = { readonly report: ReportAnswer } | { readonly watch: WatchAnswer } | undefined;

/** What of the project is sent to whom, on a schedule or when a number is beyond its limit. */
export function Reports() {
  const { access, ask, search, update } = usePage();
  const { filters, bots, number } = search;
  const [edited, setEdited] = useState<Edited>();
  const change = useSentChange(access);
  const isSent = change.isSuccess && "to" in change.variables && change.variables.to === "send";
  const make = (what: string) => update({ make: what, metric: undefined, number: undefined });
  const close = () => {
    setEdited(undefined);
    update({ make: undefined, metric: undefined, number: undefined });
  };
  const sentAt = isSent ? change.submittedAt : 0;
  if (!maySend(access)) return <Nothing>{t("Reports and watches are for those who operate the project.")}</Nothing>;
  return (
    <>
      <Problem message={change.error?.message} />
      {sentAt > 0 && (
        <p className="notice" role="status">
          {t("It is on its way, within ten minutes at most.")}
        </p>
      )}
      <ReportList
        sentAt={sentAt}
        onChange={change.mutate}
        onNew={() => make("report")}
        onEdit={(report) => setEdited({ report })}
      />
      <WatchList
        sentAt={sentAt}
        onChange={change.mutate}
        onNew={() => make("watch")}
        onEdit={(watch) => setEdited({ watch })}
      />
      {edited && "report" in edited && <ReportDialog report={edited.report} onClose={close} />}
      {edited && "watch" in edited && <WatchDialog watch={edited.watch} onClose={close} />}
      {(search.make === "view" || search.make === "report") && (
        <ReportDialog filters={search.make === "view" ? filters : []} onClose={close} />
      )}
      {search.make === "watch" && (
        <WatchDialog
          number={search.metric && watchedMetric({ ...ask, filters, bots, number }, search.metric)}
          onClose={close}
        />
      )}
    </>
  );
}

interface ListProps<T> {
  /** When one was asked to be sent at once; 0: not yet. */
  readonly sentAt: number;
  readonly onChange: (change: SentChange) => void;
  readonly onNew: () => void;
  readonly onEdit: (one: T) => void;
}

function ReportList({ sentAt, onChange, onNew, onEdit }: ListProps<ReportAnswer>) {
  const { access } = usePage();
  const reports = useQuery(reportsOf(access, sentAt));
  const columns: Column<ReportAnswer>[] = [
    { label: t("Report"), cell: ({ name, filters }) => (filters.length > 0 ? t("{name}, filtered", { name }) : name) },
    { label: t("When"), cell: (report) => <When one={report} words={scheduleWords(report)} /> },
    { label: t("To #receiver"), cell: Recipients },
    { label: t("Last"), cell: LastRun },
    {
      label: t("Actions"),
      acts: true,
      cell: (report) => (
        <Actions
          kind="reports"
          one={report}
          send={t("Send now")}
          onEdit={() => onEdit(report)}
          onPause={(paused) => onChange({ kind: "reports", name: report.name, put: { ...ofReport(report), paused } })}
          onChange={onChange}
        />
      ),
    },
  ];
  return (
    <Section
      title={t("Reports")}
      about={t(
        "A summary of the days that are over: visitors, visits, page views, events, and the first of each list.",
      )}
      tools={<New label={t("New report")} onClick={onNew} />}
    >
      <Asked query={reports} rows={2}>
        {(all) =>
          all.length > 0 ? (
            <DataTable label={t("Reports")} columns={columns} rows={all} keyOf={({ name }) => name} />
          ) : (
            <Nothing>{t("No report is sent. “Subscribe” on the overview makes one of what it shows.")}</Nothing>
          )
        }
      </Asked>
    </Section>
  );
}

const STATES = { ok: t("Well"), warn: t("Warning"), critical: t("Critical") } as const;

function WatchList({ sentAt, onChange, onNew, onEdit }: ListProps<WatchAnswer>) {
  const { access, numbers } = usePage();
  const watches = useQuery(watchesOf(access, sentAt));
  const columns: Column<WatchAnswer>[] = [
    { label: t("Watch #noun"), cell: ({ name }) => name },
    {
      label: t("Tells when it is"),
      cell: (watch) => (
        <When
          one={watch}
          words={
            watch.every === "hourly"
              ? t("{alert}, each hour", { alert: alertWords(watch.alert) })
              : t("{alert}, each day", { alert: alertWords(watch.alert) })
          }
        />
      ),
    },
    {
      label: t("State"),
      cell: ({ state }) =>
        state === null ? (
          t("Not looked at yet")
        ) : (
          <span className={`badge ${state.severity}`}>
            {state.value === null
              ? STATES[state.severity]
              : t("{state}, {value}", { state: STATES[state.severity], value: numbers.count(state.value) })}
          </span>
        ),
    },
    { label: t("To #receiver"), cell: Recipients },
    { label: t("Last"), cell: LastRun },
    {
      label: t("Actions"),
      acts: true,
      cell: (watch) => (
        <Actions
          kind="watches"
          one={watch}
          send={t("Look now")}
          onEdit={() => onEdit(watch)}
          onPause={(paused) => onChange({ kind: "watches", name: watch.name, put: { ...ofWatch(watch), paused } })}
          onChange={onChange}
        />
      ),
    },
  ];
  return (
    <Section
      title={t("Watches")}
      about={t(
        "A number that is looked at each hour or day; somebody is told when it is beyond its limit, and when it is well again.",
      )}
      tools={<New label={t("New watch")} onClick={onNew} />}
    >
      <Asked query={watches} rows={2}>
        {(all) =>
          all.length > 0 ? (
            <DataTable label={t("Watches")} columns={columns} rows={all} keyOf={({ name }) => name} />
          ) : (
            <Nothing>
              {t("No number is watched. “Watch” beside a number of the overview or of Explore does it.")}
            </Nothing>
          )
        }
      </Asked>
    </Section>
  );
}

function New({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="button small" onClick={onClick}>
      {label}
    </button>
  );
}

type Sent = Pick<ReportAnswer, "name" | "paused" | "next_at" | "last_run" | "waiting_for" | "to" | "timezone">;

function When({ one, words }: { readonly one: Sent; readonly words: string }) {
  const { locale, access } = usePage();
  const { paused, next_at, timezone } = one;
  return (
    <>
      {words}
      <small className="sent-next">
        {paused
          ? t("Paused")
          : next_at !== null &&
            t("Next {time}", { time: momentText(locale, timezone ?? access.timezone, Date.parse(next_at)) })}
      </small>
    </>
  );
}

function Recipients({ to }: Sent) {
  return (
    <ul className="sent-to">
      {to.map((target) => (
        <li key={target.id}>
          {CHANNELS[target.kind]} {target.to}
        </li>
      ))}
    </ul>
  );
}

/** How the last of it went, and what is in the way of the one that is on its way. */
function LastRun({ last_run, waiting_for }: Sent) {
  return (
    <>
      {last_run === null ? t("Nothing yet") : <RunWords run={last_run} />}
      {waiting_for.map((text) => (
        <p key={text} className="sent-wrong">
          {text}
        </p>
      ))}
    </>
  );
}

function RunWords({ run: { at, ok, message } }: { readonly run: NonNullable<Sent["last_run"]> }) {
  const { locale, access } = usePage();
  return (
    <>
      <span className={`badge ${ok ? "ok" : "critical"}`}>{ok ? t("Went well") : t("Failed")}</span>{" "}
      {momentText(locale, access.timezone, Date.parse(at))}
      {message !== "" && <p className="sent-wrong">{message}</p>}
    </>
  );
}

interface ActionsProps {
  readonly kind: SentKind;
  readonly one: Sent;
  readonly send: string;
  readonly onEdit: () => void;
  readonly onPause: (paused: boolean) => void;
  readonly onChange: (change: SentChange) => void;
}

function Actions({ kind, one: { name, paused }, send, onEdit, onPause, onChange }: ActionsProps) {
  const button = (words: string, onClick: () => void) => (
    <button
      type="button"
      className="button small"
      aria-label={t("{action}: {name}", { action: words, name })}
      onClick={onClick}
    >
      {words}
    </button>
  );
  return (
    <div className="sent-actions">
      {!paused && button(send, () => onChange({ kind, name, to: "send" }))}
      {button(t("Edit"), onEdit)}
      {button(paused ? t("Resume") : t("Pause"), () => onPause(!paused))}
      <ConfirmButton
        className="button small"
        action={t("Delete")}
        label={t("{action}: {name}", { action: t("Delete"), name })}
        title={t("Delete {name}?", { name })}
        onConfirm={() => onChange({ kind, name, to: "delete" })}
      >
        {t("Nobody gets it any more.")}
      </ConfirmButton>
    </div>
  );
}
