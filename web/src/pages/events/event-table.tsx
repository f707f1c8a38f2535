import type { Json } from "@millrace/core";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { happenedAt, idOf, type StoredEvent } from "../../questions/events.ts";
import { Link } from "../../shell/link.tsx";
import { fieldOf, filterable } from "../../state/event-fields.ts";
import { dimensionLabel } from "../../state/dimensions.ts";
import { keptBetweenPages } from "../../state/search.ts";
import type { Page } from "../../state/page.tsx";

interface Props {
  readonly label: string;
  readonly events: readonly StoredEvent[];
  /** Dotted names. */
  readonly columns: readonly string[];
  readonly page: Pick<Page, "locale" | "names"> & {
    readonly access: { readonly id: string; readonly timezone: string };
  };
  /** Id of the event that the page is about. */
  readonly current?: string;
}

/** A list of events, each with the way to all that is known of it. */
export function EventTable({ label, events, columns, page, current }: Props) {
  const { locale, access, names } = page;
  const all: Column<StoredEvent>[] = [
    {
      label: t("Time"),
      cell: (event) => <EventLink event={event} project={access.id} locale={locale} zone={access.timezone} />,
    },
    { label: t("Event"), cell: (event) => valueText(names, "$collection", fieldOf(event, "$collection")) },
    ...columns.map((name) => ({
      label: dimensionLabel(name),
      cell: (event: StoredEvent) => valueText(names, name, fieldOf(event, name)),
    })),
  ];
  return <DataTable label={label} columns={all} rows={events} keyOf={idOf} current={current} />;
}

interface LinkProps {
  readonly event: StoredEvent;
  readonly project: string;
  readonly locale: string;
  readonly zone: string;
}

function EventLink({ event, project, locale, zone }: LinkProps) {
  return (
    <Link
      to={`/events/${encodeURIComponent(idOf(event))}`}
      search={(search) => ({ ...keptBetweenPages(search), project })}
      hash
    >
      {momentText(locale, zone, happenedAt(event))}
    </Link>
  );
}

/** A value for people; what there is none of stays empty. */
export function valueText(names: Page["names"], field: string, value: Json | undefined): string {
  if (value === undefined) return "";
  const plain = filterable(value);
  return plain === undefined ? JSON.stringify(value) : names(field, plain);
}
