import { useState } from "react";
import { ConfirmButton } from "../../design/confirm.tsx";
import { t } from "../../language/words.ts";
import { Choices } from "../../design/choices.tsx";
import { Problem } from "./form.tsx";
import { Lines, linesOf } from "./lines.tsx";
import type { PartProps } from "./part.ts";
import { useAsked, useChange } from "./use-console.ts";

interface Told {
  readonly name: string;
  readonly timezone: string;
  readonly archived: boolean;
  readonly origins: readonly string[];
  readonly redirectHosts: readonly string[];
  readonly requestsPerSecond: number | null;
  readonly engineSecondsPerMinute: number | null;
  readonly eventsPerMonth: number | null;
  readonly beyondQuota: "refuse" | "record";
  readonly proxies: { readonly addresses: readonly string[] };
}

/** Name, time zone, and who may send what. */
export function ProjectSettings(part: PartProps) {
  const told = useAsked<Told>(part.session, `/projects/${part.project.id}`);
  if (told.error) return <Problem message={told.error.message} />;
  return told.data ? <Form {...part} told={told.data} /> : <p role="status">{t("Loading …")}</p>;
}

function Form({ session, project, told }: PartProps & { readonly told: Told }) {
  const path = `/projects/${project.id}`;
  const [name, setName] = useState(told.name);
  const [timezone, setTimezone] = useState(told.timezone);
  const [origins, setOrigins] = useState(told.origins.join("\n"));
  const [hosts, setHosts] = useState(told.redirectHosts.join("\n"));
  const [proxies, setProxies] = useState(told.proxies.addresses.join("\n"));
  const [requests, setRequests] = useState(told.requestsPerSecond?.toString() ?? "");
  const [seconds, setSeconds] = useState(told.engineSecondsPerMinute?.toString() ?? "");
  const [events, setEvents] = useState(told.eventsPerMonth?.toString() ?? "");
  const [beyond, setBeyond] = useState<"record"[]>(told.beyondQuota === "record" ? ["record"] : []);
  const change = useChange(session);
  const trust = useChange(session);
  const archive = (archived: boolean) => change.mutate({ method: "PUT", path, body: { archived } });
  const save = () => {
    change.mutate({
      method: "PUT",
      path,
      body: {
        name,
        timezone,
        origins: linesOf(origins),
        redirectHosts: linesOf(hosts),
        requestsPerSecond: limit(requests),
        engineSecondsPerMinute: limit(seconds),
        eventsPerMonth: limit(events),
        beyondQuota: beyond[0] ?? "refuse",
      },
    });
    if (linesOf(proxies).join() !== told.proxies.addresses.join()) {
      trust.mutate({ method: "PUT", path: `${path}/proxies`, body: { addresses: linesOf(proxies) } });
    }
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Problem message={(change.error ?? trust.error)?.message} />
      <label className="field">
        {t("Name")}
        <input value={name} onChange={(event) => setName(event.target.value)} required />
      </label>
      <label className="field">
        {t("Time zone")}
        <input value={timezone} onChange={(event) => setTimezone(event.target.value)} required list="zones" />
      </label>
      <datalist id="zones">
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Lines label={t("Origins whose pages may record, one a line; none: all")} value={origins} onChange={setOrigins} />
      <Lines label={t("Hosts that recording links may lead to")} value={hosts} onChange={setHosts} />
      <Lines label={t("Addresses of your own proxies in front of the tracker")} value={proxies} onChange={setProxies} />
      <div className="settings-row">
        <Limit
          label={t("Requests a second that may record; empty: as many as come")}
          value={requests}
          onChange={setRequests}
        />
        <Limit
          label={t("Seconds of the engine a minute for questions; empty: as any project")}
          value={seconds}
          onChange={setSeconds}
        />
        <Limit
          label={t("Events of a calendar month that may be recorded; empty: as many as come")}
          value={events}
          onChange={setEvents}
        />
      </div>
      <Choices
        legend={t("Beyond the events of a month")}
        options={[{ value: "record", label: t("Go on recording, and only tell those who operate it") }]}
        chosen={beyond}
        onChange={setBeyond}
      />
      <div className="settings-actions">
        <button type="submit" className="button primary" disabled={change.isPending}>
          {t("Save")}
        </button>
        {told.archived ? (
          <button type="button" className="button" onClick={() => archive(false)}>
            {t("Take out of the archive")}
          </button>
        ) : (
          <ConfirmButton
            action={t("Archive")}
            title={t("Archive {name}?", { name: told.name })}
            onConfirm={() => archive(true)}
          >
            {t("Nothing is recorded in an archived project. What is stored stays, and can be asked about.")}
          </ConfirmButton>
        )}
        {change.isSuccess && <span role="status">{t("Saved. It holds everywhere within a minute.")}</span>}
      </div>
    </form>
  );
}

interface LimitProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** What is beyond it is answered with 429, and when to come again; what was turned away is counted in the ledger. */
function Limit({ label, value, onChange }: LimitProps) {
  return (
    <label className="field">
      {label}
      <input type="number" min={0} step="any" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** Null takes it away. */
function limit(text: string): number | null {
  return text === "" ? null : Number(text);
}
