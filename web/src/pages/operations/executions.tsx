import type { OpsExecution } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { executionsOf } from "../../questions/operations.ts";
import { Link } from "../../shell/link.tsx";
import { go } from "../../shell/location.ts";
import { PageHead } from "../../shell/page-head.tsx";
import { useReader } from "../../shell/reader.tsx";
import { Section } from "../../shell/section.tsx";
import { DEFAULT_SEARCH, type Search } from "../../state/search.ts";
import { StatusBadge } from "./status-badge.tsx";
import { durationText, useOperator } from "./use-operator.ts";
import "./operations.css";

const SINCE = [
  ["15m", t("Last 15 minutes")],
  ["1h", t("Last hour")],
  ["6h", t("Last 6 hours")],
  ["1d", t("Last day")],
  ["7d", t("Last 7 days")],
  ["30d", t("Last 30 days")],
] as const;
const FUNCTIONS = ["ingest", "collector", "query", "manage", "health"];
const STATUSES = [
  ["", t("Any outcome")],
  ["any-failure", t("Every failure")],
  ["ok", t("Well")],
  ["failed", t("Failed")],
  ["timeout", t("Out of time")],
  ["out-of-memory", t("Out of memory")],
] as const;
const ORDERS = [
  ["", t("Newest first")],
  ["slowest", t("Slowest first")],
] as const;
const HOUR_MS = 3_600_000;
const MOST = 200;

/** The executions that a search finds; the search is the address. */
export function Executions() {
  const { search } = useReader();
  const { access, locale, zone, numbers } = useOperator();
  const found = useQuery(executionsOf(access, asked(search)));
  const columns: Column<OpsExecution>[] = [
    {
      label: t("Started"),
      cell: ({ id, started_at }) => (
        <Link to={`/operations/executions/${encodeURIComponent(id)}`} search={DEFAULT_SEARCH}>
          {momentText(locale, zone, Date.parse(started_at))}
        </Link>
      ),
    },
    { label: t("Function"), cell: (execution) => execution.function },
    { label: t("Outcome"), cell: ({ status }) => <StatusBadge status={status} /> },
    { label: t("Took"), number: true, cell: ({ duration_ms }) => durationText(locale, duration_ms) },
    {
      label: t("Memory"),
      number: true,
      cell: ({ memory }) => (memory === null ? "–" : `${numbers.count(memory / 1_048_576)} MiB`),
    },
    {
      label: t("Labels"),
      cell: ({ error, labels }) => error ?? labels.filter((label) => !label.startsWith("batch=")).join(" · "),
    },
  ];
  return (
    <>
      <PageHead title={t("Executions")}>
        <Link className="button small" to="/operations" search={DEFAULT_SEARCH}>
          {t("Operations")}
        </Link>
      </PageHead>
      <main className="dashboard">
        <SearchForm search={search} />
        <Section
          title={t("Found")}
          about={t(
            "Of ordinary runs of ingest one in a hundred is kept, and stands for the others; everything that was slow, cold or failed is.",
          )}
        >
          <Asked query={found} rows={12}>
            {(executions) =>
              executions.length > 0 ? (
                <>
                  <DataTable label={t("Executions")} columns={columns} rows={executions} keyOf={({ id }) => id} />
                  {executions.length === MOST && (
                    <p className="section-note">
                      {t("The first {count}; a narrower search shows the others.", { count: MOST })}
                    </p>
                  )}
                </>
              ) : (
                <Nothing>{t("No execution was kept that is like this.")}</Nothing>
              )
            }
          </Asked>
        </Section>
      </main>
    </>
  );
}

/** The parameters of the API; what is empty is left out. */
function asked({
  since,
  hour,
  function: name,
  status,
  fingerprint,
  label,
  order,
  project,
}: Search): Record<string, string> {
  const at = hour === undefined ? Number.NaN : Date.parse(hour);
  const when: Record<string, string | undefined> = Number.isNaN(at)
    ? { since: since ?? "1h" }
    : { from: new Date(at).toISOString(), to: new Date(at + HOUR_MS).toISOString(), project };
  const all = { ...when, function: name, status, fingerprint, label, order, limit: String(MOST) };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}

function SearchForm({ search }: { readonly search: Search }) {
  const change = (patch: Partial<Search>) =>
    go({ to: "/operations/executions", search: (now) => ({ ...now, ...patch }) });
  const text = (name: "fingerprint" | "label") => (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get(name);
    change({ [name]: typeof value === "string" && value !== "" ? value : undefined });
  };
  return (
    <div className="executions-search" role="search" aria-label={t("Executions")}>
      <Choice
        label={t("When")}
        value={search.hour === undefined ? (search.since ?? "1h") : ""}
        options={search.hour === undefined ? SINCE : [["", t("One hour of the ledger")] as const, ...SINCE]}
        onChange={(since) => change({ since, hour: undefined })}
      />
      <Choice
        label={t("Function")}
        value={search.function ?? ""}
        options={[["", t("All functions")], ...FUNCTIONS.map((name) => [name, name] as const)]}
        onChange={(name) => change({ function: name || undefined })}
      />
      <Choice
        label={t("Outcome")}
        value={search.status ?? ""}
        options={STATUSES}
        onChange={(status) => change({ status: status || undefined })}
      />
      <Choice
        label={t("Order")}
        value={search.order ?? ""}
        options={ORDERS}
        onChange={(order) => change({ order: order || undefined })}
      />
      <form onSubmit={text("label")}>
        <label className="field">
          {t("Label")}
          <input
            name="label"
            key={search.label}
            defaultValue={search.label}
            placeholder="events.rejected=3"
            spellCheck={false}
          />
        </label>
      </form>
      <form onSubmit={text("fingerprint")}>
        <label className="field">
          {t("Fingerprint")}
          <input name="fingerprint" key={search.fingerprint} defaultValue={search.fingerprint} spellCheck={false} />
        </label>
      </form>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="field">
      {label}
      <select className="button" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
