import type { ReportAnswer } from "@millrace/client";
import { useState } from "react";
import { nameOf } from "../../asking/saved.ts";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { filterWords } from "../../panels/filter-words.ts";
import { useSentChange } from "../../questions/sending.ts";
import { keenFilter, type PageFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";
import { WEEKDAYS } from "./definition.ts";
import { targetsOf, Targets, useRecipients } from "./targets.tsx";
import "./reports.css";

interface Props {
  /** What is changed; absent: a new one. */
  readonly report?: ReportAnswer | undefined;
  /** Of a new one, what it counts. */
  readonly filters?: readonly PageFilter[];
  readonly onClose: () => void;
}

/** Has a project, or the part of it that the page shows, sent each day or week. */
export default function ReportDialog({ report, filters: shown, onClose }: Props) {
  const { access, names } = usePage();
  const change = useSentChange(access);
  const [title, setTitle] = useState(report?.name ?? "");
  const [every, setEvery] = useState(report?.every ?? "weekly");
  const [weekday, setWeekday] = useState(report?.weekday ?? "monday");
  const [hour, setHour] = useState(report?.hour ?? 8);
  const [recipients, setRecipients] = useRecipients(report?.to);
  const filters = shown?.map(keenFilter) ?? report?.filters ?? [];
  const name = report?.name ?? nameOf(title);
  const save = () => {
    const timezone = report?.timezone ?? undefined;
    const put = {
      every,
      weekday,
      hour,
      filters: JSON.parse(JSON.stringify(filters)) as ReportAnswer["filters"],
      paused: report?.paused ?? false,
      to: targetsOf(recipients),
      ...(timezone !== undefined && { timezone }),
    };
    change.mutate({ kind: "reports", name, put }, { onSuccess: onClose });
  };
  return (
    <Dialog title={report ? t("Report {name}", { name: report.name }) : t("Subscribe")} onClose={onClose}>
      <form
        className="sent-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "") save();
        }}
      >
        {!report && (
          <label className="field">
            {t("Name")}
            <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
          </label>
        )}
        <div className="sent-row">
          <label className="field">
            {t("How often")}
            <select
              className="button"
              value={every}
              onChange={(event) => setEvery(event.target.value as ReportAnswer["every"])}
            >
              <option value="daily">{t("Each day")}</option>
              <option value="weekly">{t("Each week")}</option>
            </select>
          </label>
          {every === "weekly" && (
            <label className="field">
              {t("On #weekday")}
              <select className="button" value={weekday} onChange={(event) => setWeekday(event.target.value)}>
                {WEEKDAYS.map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label className="field">
            {t("At, {zone}", { zone: (report?.timezone ?? access.timezone).replaceAll("_", " ") })}
            <select className="button" value={hour} onChange={(event) => setHour(Number(event.target.value))}>
              {Array.from({ length: 24 }, (_, each) => (
                <option key={each} value={each}>
                  {String(each).padStart(2, "0")}:00
                </option>
              ))}
            </select>
          </label>
        </div>
        <Targets value={recipients} onChange={setRecipients} />
        <p className="sent-note">
          {filters.length === 0
            ? t("It holds the whole days that are over, of the whole project.")
            : shown
              ? t("It holds the whole days that are over, of: {filters}.", {
                  filters: shown.map((filter) => filterWords(filter, names)).join(", "),
                })
              : t("It holds the whole days that are over, of what passes its filters.")}
        </p>
        <Problem message={change.error?.message} />
        <Foot isBusy={change.isPending} onClose={onClose} />
      </form>
    </Dialog>
  );
}

export function Foot({ isBusy, onClose }: { readonly isBusy: boolean; readonly onClose: () => void }) {
  return (
    <div className="confirm-foot">
      <button type="button" className="button" onClick={onClose}>
        {t("Cancel")}
      </button>
      <button type="submit" className="button primary" disabled={isBusy}>
        {t("Save")}
      </button>
    </div>
  );
}
