import type { AlertDefinition, WatchAnswer, WatchDefinition } from "@millrace/client";
import type { JsonObject } from "@millrace/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { eventName, useEventNames } from "../../asking/fields.tsx";
import { nameOf, savedOf } from "../../asking/saved.ts";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { useSentChange } from "../../questions/sending.ts";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";
import { EARLIER } from "./definition.ts";
import { Foot } from "./report-dialog.tsx";
import { targetsOf, Targets, useRecipients } from "./targets.tsx";
import "./reports.css";

/** A number of the page, as the question that it comes from, without its time. */
export interface WatchedNumber {
  readonly label: string;
  readonly query: JsonObject;
}

interface Props {
  /** What is changed; absent: a new one. */
  readonly watch?: WatchAnswer | undefined;
  /** What is watched; absent: it is chosen. */
  readonly number?: WatchedNumber | undefined;
  readonly onClose: () => void;
}

type Of = EarlierOf | "value";
type EarlierOf = (typeof EARLIER)[number][0];

/** Has a number looked at each hour or day, and somebody told when it is beyond a limit. */
export default function WatchDialog({ watch, number, onClose }: Props) {
  const { access } = usePage();
  const change = useSentChange(access);
  const [title, setTitle] = useState(watch?.name ?? number?.label ?? "");
  const [every, setEvery] = useState(watch?.every ?? "hourly");
  const [severity, setSeverity] = useState(watch?.severity ?? "warn");
  const [alert, setAlert] = useState(alertOf(watch?.alert));
  const [recipients, setRecipients] = useRecipients(watch?.to);
  const [what, setWhat] = useState("");
  const given = watch ? questionOf(watch) : number && { query: number.query };
  const name = watch?.name ?? nameOf(title);
  const save = () => {
    const timezone = watch?.timezone ?? undefined;
    const put: WatchDefinition = {
      ...(given ?? (JSON.parse(what) as Pick<WatchDefinition, "query" | "saved_query_name">)),
      every,
      severity,
      alert: definitionOf(alert),
      paused: watch?.paused ?? false,
      to: targetsOf(recipients),
      ...(timezone !== undefined && { timezone }),
    };
    change.mutate({ kind: "watches", name, put }, { onSuccess: onClose });
  };
  return (
    <Dialog title={watch ? t("Watch {name}", { name: watch.name }) : t("Watch a number")} onClose={onClose}>
      <form
        className="sent-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "") save();
        }}
      >
        {!watch && (
          <label className="field">
            {t("Name")}
            <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
          </label>
        )}
        {!given && <What value={what} onChange={setWhat} />}
        {number && (
          <p className="sent-note">{t("{number}, under the filters that are set now.", { number: number.label })}</p>
        )}
        <div className="sent-row">
          <label className="field">
            {t("Looked at")}
            <select
              className="button"
              value={every}
              onChange={(event) => setEvery(event.target.value as WatchAnswer["every"])}
            >
              <option value="hourly">{t("Each hour that is over")}</option>
              <option value="daily">{t("Each day that is over")}</option>
            </select>
          </label>
          <label className="field">
            {t("Then it is")}
            <select
              className="button"
              value={severity}
              onChange={(event) => setSeverity(event.target.value as WatchAnswer["severity"])}
            >
              <option value="warn">{t("A warning")}</option>
              <option value="critical">{t("Critical")}</option>
            </select>
          </label>
        </div>
        <div className="sent-row">
          <label className="field">
            {t("Told when it is")}
            <select
              className="button"
              value={alert.side}
              onChange={(event) => setAlert({ ...alert, side: event.target.value as "below" | "above" })}
            >
              <option value="below">{t("Below")}</option>
              <option value="above">{t("Above")}</option>
            </select>
          </label>
          <label className="field">
            {alert.of === "value" ? t("Number") : t("Percent of it")}
            <input
              type="number"
              step="any"
              required
              min={alert.of === "value" ? undefined : 0}
              value={alert.limit}
              onChange={(event) => setAlert({ ...alert, limit: event.target.value })}
            />
          </label>
          <label className="field">
            {t("Compared with")}
            <select
              className="button"
              value={alert.of}
              onChange={(event) => setAlert({ ...alert, of: event.target.value as Of })}
            >
              <option value="value">{t("nothing")}</option>
              {EARLIER.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Targets value={recipients} onChange={setRecipients} />
        <Problem message={change.error?.message} />
        <Foot isBusy={change.isPending} onClose={onClose} />
      </form>
    </Dialog>
  );
}

interface WhatProps {
  /** JSON of the question; empty: nothing is chosen. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** What is counted: an event, or the one number of a saved question. */
function What({ value, onChange }: WhatProps) {
  const { access } = usePage();
  const saved = useQuery(savedOf(access));
  return (
    <label className="field">
      {t("What is watched")}
      <select className="button" value={value} required onChange={(event) => onChange(event.target.value)}>
        <option value="" />
        <optgroup label={t("How many")}>
          {useEventNames().map((collection) => (
            <option
              key={collection}
              value={JSON.stringify({ query: { analysis_type: "count", event_collection: collection } })}
            >
              {eventName(collection)}
            </option>
          ))}
        </optgroup>
        {(saved.data?.length ?? 0) > 0 && (
          <optgroup label={t("Saved questions of one number")}>
            {saved.data?.map((question) => (
              <option key={question.name} value={JSON.stringify({ saved_query_name: question.name })}>
                {question.title}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

function questionOf({
  query,
  saved_query_name: saved,
}: WatchAnswer): Pick<WatchDefinition, "query" | "saved_query_name"> {
  return saved === undefined ? { query: query ?? {} } : { saved_query_name: saved };
}

interface Alert {
  readonly side: "below" | "above";
  readonly limit: string;
  readonly of: Of;
}

function alertOf(alert: AlertDefinition | undefined): Alert {
  if (!alert) return { side: "below", limit: "", of: "value" };
  if ("below" in alert) return { side: "below", limit: String(alert.below), of: "value" };
  if ("above" in alert) return { side: "above", limit: String(alert.above), of: "value" };
  return "below_percent" in alert
    ? { side: "below", limit: String(alert.below_percent), of: alert.of }
    : { side: "above", limit: String(alert.above_percent), of: alert.of };
}

function definitionOf({ side, limit, of }: Alert): AlertDefinition {
  const number = Number(limit);
  if (of === "value") return side === "below" ? { below: number } : { above: number };
  return side === "below" ? { below_percent: number, of } : { above_percent: number, of };
}
