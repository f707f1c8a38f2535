import type { OpsCost, OpsCostPart, OpsCostProject, OpsLever } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { costOf } from "../../questions/operations.ts";
import { Section } from "../../shell/section.tsx";
import { useOperator } from "./use-operator.ts";
import "./operations.css";

/** What this month costs on AWS: until now and by its end, beside the plan and Keen's list, of what, for whom, and what would change it. */
export function CostOfMonth() {
  const { access } = useOperator();
  const cost = useQuery(costOf(access));
  return (
    <Section title={t("Cost")} about={t("This month at AWS's list prices, with the traffic that was measured here.")}>
      <Asked query={cost} rows={6}>
        {(told) => (
          <div className="cost">
            <Sums cost={told} />
            <Parts parts={told.parts} />
            <Projects projects={told.projects} />
            <Levers levers={told.levers} />
          </div>
        )}
      </Asked>
    </Section>
  );
}

/** What costs less is not there, or is not used. */
const HALF_A_CENT = 0.005;

/** Dollars, as exactly as such a sum deserves. */
function useDollars(): (value: number) => string {
  const { locale } = useOperator();
  return (value) => {
    const digits = Math.abs(value) < 10 ? 2 : 0;
    return new Intl.NumberFormat(locale, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      maximumFractionDigits: digits,
      minimumFractionDigits: digits,
    }).format(value);
  };
}

function Sums({ cost }: { readonly cost: OpsCost }) {
  const { locale, zone, numbers } = useOperator();
  const dollars = useDollars();
  const { from, to, so_far, month, plan, events, keen, measured } = cost;
  const isBeyond = plan !== null && month > plan;
  return (
    <>
      <dl className="cost-sums">
        <div>
          <dt>{t("So far")}</dt>
          <dd>{dollars(so_far)}</dd>
        </div>
        <div>
          <dt>{t("Forecast for the month")}</dt>
          <dd>
            {dollars(month)} {isBeyond && <span className="badge warn">{t("Beyond the plan")}</span>}
          </dd>
        </div>
        <div>
          <dt>{t("Plan")}</dt>
          <dd>{plan === null ? "–" : dollars(plan)}</dd>
        </div>
        <div>
          <dt>{t("Keen's list price")}</dt>
          <dd>{dollars(keen)}</dd>
        </div>
      </dl>
      <p className="section-note">
        {t(
          "Measured from {from} to {to}: {requests} requests that record and {queries} that ask. The forecast is of {events} events; Keen's price for so many had questions on top.",
          {
            from: momentText(locale, zone, Date.parse(from)),
            to: momentText(locale, zone, Date.parse(to)),
            requests: numbers.count(measured.requests),
            queries: numbers.count(measured.queries),
            events: numbers.count(Math.round(events)),
          },
        )}
      </p>
    </>
  );
}

function Parts({ parts }: { readonly parts: readonly OpsCostPart[] }) {
  const columns = moneyColumns<OpsCostPart>(t("Part"), ({ what }) => what, useDollars());
  const rows = parts.filter(({ month }) => month >= HALF_A_CENT).toSorted((a, b) => b.month - a.month);
  return <DataTable label={t("Cost by part")} columns={columns} rows={rows} keyOf={({ what }) => what} />;
}

function Projects({ projects }: { readonly projects: readonly OpsCostProject[] }) {
  const { numbers } = useOperator();
  const [first, ...others] = moneyColumns<OpsCostProject>(t("Project"), ({ name }) => name, useDollars());
  if (!first) return null;
  const events: Column<OpsCostProject> = {
    label: t("Events"),
    number: true,
    cell: (each) => numbers.count(each.events),
  };
  const columns = [first, events, ...others];
  return <DataTable label={t("Cost by project")} columns={columns} rows={projects} keyOf={({ id }) => id} />;
}

function Levers({ levers }: { readonly levers: readonly OpsLever[] }) {
  const dollars = useDollars();
  const columns: Column<OpsLever>[] = [
    { label: t("What would change it"), cell: ({ what }) => what },
    {
      label: t("A month"),
      number: true,
      cell: ({ change }) => (change > 0 ? `+${dollars(change)}` : dollars(change)),
    },
  ];
  return <DataTable label={t("Levers")} columns={columns} rows={levers} keyOf={({ what }) => what} />;
}

function moneyColumns<Row extends { readonly so_far: number; readonly month: number }>(
  label: string,
  cell: (row: Row) => string,
  dollars: (value: number) => string,
): Column<Row>[] {
  return [
    { label, cell },
    { label: t("So far"), number: true, cell: ({ so_far }) => dollars(so_far) },
    { label: t("This month"), number: true, cell: ({ month }) => dollars(month) },
  ];
}
