import { t } from "../../language/words.ts";
import { useQuery } from "@tanstack/react-query";
import { DataTable } from "../../design/data-table.tsx";
import { bucketFormat } from "../../format/date.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { SCRIPT_ERRORS, scriptErrorsOf, type ScriptError } from "../../questions/script-errors.ts";
import { Link } from "../../shell/link.tsx";
import { Section } from "../../shell/section.tsx";
import { isFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";

/** Errors of scripts by message and place; a message leads to its events. */
export function ScriptErrors() {
  const { ask, by, collections } = usePage();
  const isOn = collections.includes(SCRIPT_ERRORS);
  const errors = useQuery({ ...scriptErrorsOf(ask, by), enabled: isOn });
  return (
    <Section
      title={t("Script errors")}
      about={
        isOn
          ? t("Errors that nobody caught, each message once in a load. A message leads to its events.")
          : t(
              "None has been told. The part errors of the script records them: put it into the name of the script, t.errors.js.",
            )
      }
    >
      {isOn && (
        <Asked query={errors} rows={4}>
          {(rows) => (rows.length === 0 ? <Nothing>{t("No error in this range.")}</Nothing> : <Errors rows={rows} />)}
        </Asked>
      )}
    </Section>
  );
}

function Errors({ rows }: { readonly rows: readonly ScriptError[] }) {
  const { access, by, locale, numbers } = usePage();
  const format = bucketFormat(locale, access.timezone, by, true);
  return (
    <DataTable
      label={t("Script errors")}
      rows={rows}
      keyOf={({ message, place }) => JSON.stringify([message, place])}
      columns={[
        {
          label: t("Message"),
          cell: ({ message, place }) => (
            <Link
              to="/events"
              search={(search) => ({
                ...keptBetweenPages(search),
                filters: [
                  ...search.filters.filter(({ field }) => field !== "$collection"),
                  isFilter("$collection", SCRIPT_ERRORS),
                  isFilter("message", message),
                  isFilter("place", place),
                ],
              })}
              hash
            >
              {message ?? t("(no message)")}
            </Link>
          ),
        },
        { label: t("Place"), cell: ({ place }) => place ?? t("unknown") },
        { label: t("Events"), number: true, cell: ({ count }) => numbers.count(count) },
        { label: t("Visitors"), number: true, cell: ({ visitors }) => numbers.count(visitors) },
        { label: t("First seen"), cell: ({ first }) => format.short(first) },
        { label: t("Last seen"), cell: ({ last }) => format.short(last) },
      ]}
    />
  );
}
