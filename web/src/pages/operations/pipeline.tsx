import type { OpsCheck } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { healthOf, summaryOf } from "../../questions/operations.ts";
import { Link } from "../../shell/link.tsx";
import { Section } from "../../shell/section.tsx";
import { DEFAULT_SEARCH } from "../../state/search.ts";
import { MendLink } from "./mend/mend-link.tsx";
import { durationText, useOperator } from "./use-operator.ts";

/** The way of the events and of the questions, with how each part of it is now. */
export function Pipeline() {
  const { access, numbers } = useOperator();
  const health = useQuery(healthOf(access));
  return (
    <Section
      title={t("The way of the events")}
      about={t("The last hour. An event passes them in this order, a question in the other.")}
    >
      <Asked query={health} rows={3}>
        {(checks) => {
          const value = (name: string) => checks.find((check) => check.name === name)?.value ?? null;
          const count = (name: string) => numbers.value(value(name), "count");
          return (
            <ol className="pipeline">
              <Stage title={t("Ingest")} checks={of(checks, "IngestFailures")}>
                <Runs name="ingest" />
              </Stage>
              <Stage title={t("Queue")} checks={of(checks, "Lag", "Backlog", "DeadLetters")}>
                <Figure label={t("messages wait")} value={count("Backlog")} />
                <Figure label={t("oldest, seconds")} value={count("Lag")} />
                <Figure label={t("dead letters")} value={count("DeadLetters")} />
                {(value("DeadLetters") ?? 0) > 0 && <Figure label="" value={<MendLink name="redrive" />} />}
              </Stage>
              <Stage title={t("Collector")} checks={of(checks, "CollectorFailures")}>
                <Runs name="collector" />
              </Stage>
              <Stage title={t("Store")} checks={of(checks, "Store")}>
                <Figure
                  label=""
                  value={value("Store") === null ? t("unknown") : value("Store") === 0 ? t("answers") : t("is away")}
                />
              </Stage>
              <Stage title={t("Query")} checks={[]}>
                <Runs name="query" />
              </Stage>
            </ol>
          );
        }}
      </Asked>
    </Section>
  );
}

function of(checks: readonly OpsCheck[], ...names: readonly string[]): OpsCheck[] {
  return checks.filter(({ name }) => names.includes(name));
}

interface StageProps {
  readonly title: string;
  /** What is watched of it. */
  readonly checks: readonly OpsCheck[];
  readonly children: ReactNode;
}

function Stage({ title, checks, children }: StageProps) {
  const bad = checks.filter(({ status }) => status !== "ok");
  const worst = bad.some(({ status }) => status === "critical") ? "critical" : bad.length > 0 ? "warn" : "ok";
  return (
    <li className={`stage ${worst}`}>
      <h3>{title}</h3>
      <dl>{children}</dl>
      {bad.map((check) => (
        <p key={check.name} className={`badge ${check.status}`}>
          {check.title}
        </p>
      ))}
    </li>
  );
}

/** How often a function ran, how often it failed, and how long it took. */
function Runs({ name }: { readonly name: string }) {
  const { access, locale, numbers } = useOperator();
  const { data } = useQuery(summaryOf(access, { function: name, since: "1h", spans: "1" }));
  if (!data) return <Figure label={t("runs")} value="…" />;
  const { count, failed, p95 } = data.total;
  return (
    <>
      <Figure
        label={t("runs")}
        value={
          <Link to="/operations/executions" search={{ ...DEFAULT_SEARCH, function: name }}>
            {numbers.count(count)}
          </Link>
        }
      />
      <Figure label={t("failed")} value={numbers.count(failed)} />
      <Figure label={t("95 % within")} value={durationText(locale, p95)} />
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
