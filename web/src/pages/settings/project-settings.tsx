import { useState } from "react";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { useAsked, useChange } from "./use-console.ts";

interface Told {
  readonly name: string;
  readonly timezone: string;
  readonly archived: boolean;
  readonly origins: readonly string[];
  readonly redirectHosts: readonly string[];
  readonly proxies: { readonly addresses: readonly string[] };
}

/** Name, time zone, and who may send what. */
export function ProjectSettings(part: PartProps) {
  const told = useAsked<Told>(part.session, `/projects/${part.project.id}`);
  if (told.error) return <Problem message={told.error.message} />;
  return told.data ? <Form {...part} told={told.data} /> : <p role="status">Loading …</p>;
}

function Form({ session, project, told }: PartProps & { readonly told: Told }) {
  const path = `/projects/${project.id}`;
  const [name, setName] = useState(told.name);
  const [timezone, setTimezone] = useState(told.timezone);
  const [origins, setOrigins] = useState(told.origins.join("\n"));
  const [hosts, setHosts] = useState(told.redirectHosts.join("\n"));
  const [proxies, setProxies] = useState(told.proxies.addresses.join("\n"));
  const change = useChange(session);
  const trust = useChange(session);
  const save = () => {
    change.mutate({
      method: "PUT",
      path,
      body: { name, timezone, origins: lines(origins), redirectHosts: lines(hosts) },
    });
    if (lines(proxies).join() !== told.proxies.addresses.join()) {
      trust.mutate({ method: "PUT", path: `${path}/proxies`, body: { addresses: lines(proxies) } });
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
        Name
        <input value={name} onChange={(event) => setName(event.target.value)} required />
      </label>
      <label className="field">
        Time zone
        <input value={timezone} onChange={(event) => setTimezone(event.target.value)} required list="zones" />
      </label>
      <datalist id="zones">
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Lines label="Origins whose pages may record, one a line; none: all" value={origins} onChange={setOrigins} />
      <Lines label="Hosts that recording links may lead to" value={hosts} onChange={setHosts} />
      <Lines label="Addresses of your own proxies in front of the tracker" value={proxies} onChange={setProxies} />
      <div className="settings-actions">
        <button type="submit" className="button primary" disabled={change.isPending}>
          Save
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            (told.archived || confirm("Nothing is recorded in an archived project. What is stored stays.")) &&
            change.mutate({ method: "PUT", path, body: { archived: !told.archived } })
          }
        >
          {told.archived ? "Take out of the archive" : "Archive"}
        </button>
        {change.isSuccess && <span role="status">Saved. It holds everywhere within a minute.</span>}
      </div>
    </form>
  );
}

function Lines({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <label className="field">
      {label}
      <textarea rows={3} value={value} onChange={(event) => onChange(event.target.value)} spellCheck={false} />
    </label>
  );
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
