import type { OpsCheck, OpsProblem } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { LedgerSummary } from "../../panels/ledger-summary.tsx";
import { Nothing } from "../../panels/states.tsx";
import { ledgerOf } from "../../questions/ledger.ts";
import { healthOf, summaryOf } from "../../questions/operations.ts";
import { Link } from "../../shell/link.tsx";
import { PageHead } from "../../shell/page-head.tsx";
import { Section } from "../../shell/section.tsx";
import { sumLedger } from "../../state/ledger-balance.ts";
import { DEFAULT_SEARCH } from "../../state/search.ts";
import { CostOfMonth } from "./cost.tsx";
import { Commands } from "./mend/commands.tsx";
import { MendLink } from "./mend/mend-link.tsx";
import { Pipeline } from "./pipeline.tsx";
import { useOperator } from "./use-operator.ts";
import "./operations.css";

/** How the installation is: the way of the events, what fails and what puts it right, what is watched, the ledger, and the cost. */
export function Operations() {
  return (
    <>
      <PageHead title={t("Operations")}>
        <Link className="button small" to="/operations/executions" search={DEFAULT_SEARCH}>
          {t("Executions")}
        </Link>
      </PageHead>
      <main className="dashboard">
        <Pipeline />
        <Problems />
        <Commands />
        <Health />
        <Ledger />
        <CostOfMonth />
      </main>
    </>
  );
}

const A_DAY = { since: "1d", status: "any-failure", spans: "1" };

/** Failures of one kind are one problem, whatever ids and numbers their messages hold. */
function Problems() {
  const { access, locale, zone, numbers } = useOperator();
  const summary = useQuery(summaryOf(access, A_DAY));
  const columns: Column<OpsProblem>[] = [
    {
      label: t("Problem"),
      cell: ({ fingerprint, error }) => (
        <Link
          to="/operations/executions"
          search={{ ...DEFAULT_SEARCH, since: "1d", status: "any-failure", fingerprint }}
          title={t("The executions that failed so")}
        >
          {error || fingerprint}
        </Link>
      ),
    },
    { label: t("Function"), cell: (problem) => problem.function },
    { label: t("Times"), number: true, cell: ({ count }) => numbers.count(count) },
    { label: t("Last"), cell: ({ last_at }) => momentText(locale, zone, Date.parse(last_at)) },
    {
      label: t("Next command"),
      cell: ({ example, function: name }) => (
        <>
          {example !== null && <code>npm run ops -- show {example}</code>}
          {/* What it could not store after many tries is a dead letter. */}
          {name === "collector" && (
            <p>
              <MendLink name="redrive" />
            </p>
          )}
        </>
      ),
    },
  ];
  return (
    <Section title={t("Problems")} about={t("What failed in the last 24 hours, the most frequent first.")}>
      <Asked query={summary} rows={2}>
        {({ failures }) =>
          failures.length > 0 ? (
            <DataTable
              label={t("Problems")}
              columns={columns}
              rows={failures}
              keyOf={({ fingerprint }) => fingerprint}
            />
          ) : (
            <Nothing>{t("Nothing failed.")}</Nothing>
          )
        }
      </Asked>
    </Section>
  );
}

const WORDS: Readonly<Record<string, string>> = { ok: t("Well"), warn: t("Warning"), critical: t("Critical") };

/** What is watched, the worst first. */
function Health() {
  const { access, locale, zone } = useOperator();
  const health = useQuery(healthOf(access));
  const value = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const columns: Column<OpsCheck>[] = [
    { label: t("Check"), cell: ({ title }) => title },
    {
      label: t("State"),
      cell: ({ status }) => <span className={`badge ${status}`}>{WORDS[status] ?? status}</span>,
    },
    { label: t("Measured"), number: true, cell: (check) => (check.value === null ? "–" : value.format(check.value)) },
    { label: t("What"), cell: ({ measures, detail }) => (detail === null ? measures : `${measures}: ${detail}`) },
    { label: t("Since"), cell: ({ since }) => momentText(locale, zone, Date.parse(since)) },
    {
      label: t("When it is bad"),
      cell: ({ why, todo, command, mend }) => (
        <details>
          <summary>{t("What to do")}</summary>
          <p>{why}</p>
          <p>{todo}</p>
          <code>{command}</code>
          {mend !== null && (
            <p>
              <MendLink name={mend} />
            </p>
          )}
        </details>
      ),
    },
  ];
  return (
    <Section
      title={t("Health")}
      about={t("Looked at once a minute, on AWS every five; what turns bad is told to the channels of the alarms.")}
    >
      <Asked query={health} rows={8}>
        {(checks) =>
          checks.length > 0 ? (
            <DataTable
              label={t("Health checks")}
              columns={columns}
              rows={worstFirst(checks)}
              keyOf={({ name }) => name}
            />
          ) : (
            <Nothing>{t("Nothing was looked at yet.")}</Nothing>
          )
        }
      </Asked>
    </Section>
  );
}

const SEVERITY = ["critical", "warn", "ok"];

function worstFirst(checks: readonly OpsCheck[]): OpsCheck[] {
  return checks.toSorted((a, b) => SEVERITY.indexOf(a.status) - SEVERITY.indexOf(b.status));
}

/** The ledger of one project; each hour leads to the executions that stored it. */
function Ledger() {
  const { access, locale, zone, numbers } = useOperator();
  const ledger = useQuery(ledgerOf(access));
  return (
    <Section title={t("Ledger of {name}", { name: access.name })}>
      <Asked query={ledger} rows={4}>
        {(told) => (
          <div className="operations-ledger">
            <LedgerSummary
              ledger={told}
              sum={sumLedger(told.hours, told.balanced)}
              page={{ numbers, locale, access: { timezone: zone } }}
              link={(hour, text) => (
                <Link
                  to="/operations/executions"
                  search={{
                    ...DEFAULT_SEARCH,
                    project: access.id,
                    hour: new Date(hour).toISOString(),
                    function: "collector",
                  }}
                >
                  {text}
                </Link>
              )}
            />
          </div>
        )}
      </Asked>
    </Section>
  );
}
