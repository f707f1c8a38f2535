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
      title="Script errors"
      about={
        isOn
          ? "Errors that nobody caught, each message once in a load. A message leads to its events."
          : "None has been told. The part errors of the script records them: put it into the name of the script, t.errors.js."
      }
    >
      {isOn && (
        <Asked query={errors} rows={4}>
          {(rows) => (rows.length === 0 ? <Nothing>No error in this range.</Nothing> : <Errors rows={rows} />)}
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
      label="Script errors"
      rows={rows}
      keyOf={({ message, place }) => JSON.stringify([message, place])}
      columns={[
        {
          label: "Message",
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
              {message ?? "(no message)"}
            </Link>
          ),
        },
        { label: "Place", cell: ({ place }) => place ?? "unknown" },
        { label: "Events", number: true, cell: ({ count }) => numbers.count(count) },
        { label: "Visitors", number: true, cell: ({ visitors }) => numbers.count(visitors) },
        { label: "First seen", cell: ({ first }) => format.short(first) },
        { label: "Last seen", cell: ({ last }) => format.short(last) },
      ]}
    />
  );
}
