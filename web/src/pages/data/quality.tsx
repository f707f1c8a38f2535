import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { refusedByReason } from "../../panels/ledger-table.tsx";
import { Nothing } from "../../panels/states.tsx";
import { ledgerOf, LEDGER_DAYS } from "../../questions/ledger.ts";
import { rejectedOf, replay, type RejectedGroup } from "../../questions/rejected.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";

/** What was not taken, and why: refused at once, or accepted and rejected by the store. */
export function Quality({ mayMend }: { readonly mayMend: boolean }) {
  return (
    <>
      <Refused />
      {mayMend && <Rejected />}
    </>
  );
}

function Refused() {
  const { access, numbers } = usePage();
  const ledger = useQuery(ledgerOf(access));
  const columns: Column<readonly [string, number]>[] = [
    { label: t("Reason"), cell: ([reason]) => reason },
    { label: t("Events"), number: true, cell: ([, count]) => numbers.count(count) },
  ];
  return (
    <Section
      title={t("Refused")}
      about={t("Answered with an error in the last {days} days: whoever sent them was told so at once.", {
        days: LEDGER_DAYS,
      })}
    >
      <Asked query={ledger} rows={2}>
        {({ hours }) => {
          const reasons = refusedByReason(hours);
          return reasons.length > 0 ? (
            <DataTable label={t("Refused events")} columns={columns} rows={reasons} keyOf={([reason]) => reason} />
          ) : (
            <Nothing>{t("Nothing was refused.")}</Nothing>
          );
        }}
      </Asked>
    </Section>
  );
}

/** Accepted events that the store could not keep, with one of each kind, and the way to send them again. */
function Rejected() {
  const { access, locale, numbers } = usePage();
  const queries = useQueryClient();
  const rejected = useQuery(rejectedOf(access));
  const again = useMutation({
    mutationFn: (group: RejectedGroup) => replay(access, group),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["rejected"] }),
  });
  const when = (iso: string) => momentText(locale, access.timezone, Date.parse(iso));
  const columns: Column<RejectedGroup>[] = [
    { label: t("Reason"), cell: ({ reason }) => reason },
    { label: t("Collection"), cell: ({ collection }) => collection },
    { label: t("Events"), number: true, cell: ({ count }) => numbers.count(count) },
    { label: t("First"), cell: ({ first_at }) => when(first_at) },
    { label: t("Last"), cell: ({ last_at }) => when(last_at) },
    {
      label: t("One of them"),
      cell: ({ sample }) =>
        sample && (
          <details>
            <summary>{sample.detail || t("As it was sent")}</summary>
            <pre>{JSON.stringify(sample.raw, null, 2)}</pre>
          </details>
        ),
    },
    {
      label: t("Mended?"),
      cell: (group) => (
        <button
          type="button"
          className="button small"
          disabled={again.isPending}
          onClick={() =>
            confirm(
              t("Is what was wrong mended? {count} events are sent again, each is stored once.", {
                count: numbers.count(group.count),
              }),
            ) && again.mutate(group)
          }
        >
          {t("Send again")}
        </button>
      ),
    },
  ];
  return (
    <Section
      title={t("Rejected")}
      about={t(
        "Accepted, and impossible to store. They are kept for 30 days as they were sent; once the reason is mended they can be sent again.",
      )}
    >
      <Problem message={again.error?.message} />
      {again.data && (
        <p className="section-note" role="status">
          {t("{sent} were sent again.", { sent: numbers.count(again.data.sent) })}
        </p>
      )}
      <Asked query={rejected} rows={2}>
        {({ groups }) =>
          groups.length > 0 ? (
            <DataTable
              label={t("Rejected events")}
              columns={columns}
              rows={groups}
              keyOf={({ reason, collection }) => `${reason} ${collection}`}
            />
          ) : (
            <Nothing>{t("Nothing was rejected.")}</Nothing>
          )
        }
      </Asked>
    </Section>
  );
}
