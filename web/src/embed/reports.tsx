import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Access } from "../api/session.ts";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { endReport, reportsOf, subscribeTo, type Every, type OwnReport } from "./own-reports.ts";

/** Has the page sent by mail each day or week, to the addresses that the company named for this viewer. */
export function Reports({ access }: { readonly access: Access }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <Icon name="mail" /> {t("Reports")}
      </button>
      {isOpen && (
        <Dialog title={t("Reports by mail")} onClose={() => setOpen(false)}>
          <Subscriptions access={access} />
        </Dialog>
      )}
    </>
  );
}

function Subscriptions({ access }: { readonly access: Access }) {
  const client = useQueryClient();
  const own = useQuery(reportsOf(access));
  const onSuccess = () => client.invalidateQueries({ queryKey: reportsOf(access).queryKey });
  const start = useMutation({ mutationFn: subscribeTo(access), onSuccess });
  const stop = useMutation({ mutationFn: endReport(access), onSuccess });
  const failure = own.error ?? start.error ?? stop.error;
  const { addresses = [], subscriptions = [] } = own.data ?? {};
  return (
    <div className="embed-reports">
      <p>{t("A summary of all that this page shows, without your filters. It ends by itself after three months.")}</p>
      {failure && (
        <p className="embed-error" role="alert">
          {failure.message}
        </p>
      )}
      {subscriptions.length > 0 && (
        <ul aria-label={t("Your reports")}>
          {subscriptions.map((report) => (
            <li key={report.id}>
              <span>{inWords(report)}</span>
              <button type="button" className="button" disabled={stop.isPending} onClick={() => stop.mutate(report.id)}>
                {t("Stop")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {own.data && <Form addresses={addresses} isBusy={start.isPending} onSend={(wanted) => start.mutate(wanted)} />}
    </div>
  );
}

function inWords({ every, address, ends_at }: OwnReport): string {
  const until = ends_at.slice(0, 10);
  return every === "daily"
    ? t("Each day to {address}, until {until}", { address, until })
    : t("Each Monday to {address}, until {until}", { address, until });
}

interface FormProps {
  readonly addresses: readonly string[];
  readonly isBusy: boolean;
  readonly onSend: (wanted: { readonly address: string; readonly every: Every }) => void;
}

function Form({ addresses, isBusy, onSend }: FormProps) {
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const address = form.get("address");
    const every = form.get("every") === "daily" ? "daily" : "weekly";
    if (typeof address === "string") onSend({ address, every });
  };
  return (
    <form onSubmit={send}>
      <label>
        {t("To #address")}
        <select name="address">
          {addresses.map((address) => (
            <option key={address}>{address}</option>
          ))}
        </select>
      </label>
      <label>
        {t("How often")}
        <select name="every" defaultValue="weekly">
          <option value="daily">{t("Each day")}</option>
          <option value="weekly">{t("Each Monday")}</option>
        </select>
      </label>
      <button type="submit" className="button primary" disabled={isBusy}>
        {t("Send me reports")}
      </button>
    </form>
  );
}
