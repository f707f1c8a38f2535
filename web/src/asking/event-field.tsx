import { useMemo, useState } from "react";
import { t } from "../language/words.ts";
import { FilterDialog } from "../panels/filter-dialog.tsx";
import { filterWords } from "../panels/filter-words.ts";
import { Icon } from "../design/icon.tsx";
import { encodeFilter, isFilter, type PageFilter } from "../state/filters.ts";
import { PageProvider, usePage } from "../state/page.tsx";
import { filtersOf, type EventChoice } from "./events.ts";
import { EventSelect } from "./fields.tsx";

interface Props {
  readonly label: string;
  readonly choice: EventChoice;
  readonly onChange: (choice: EventChoice) => void;
  readonly any?: boolean;
}

/** Which events: of what kind, and filters of their own. */
export function EventField({ label, choice, onChange, any }: Props) {
  const page = usePage();
  const [edited, setEdited] = useState<PageFilter | "new">();
  const filters = filtersOf(choice);
  const put = (filter: PageFilter) => {
    const others = filters.filter((each) => each !== edited).map(encodeFilter);
    onChange({ ...choice, filters: [...new Set([...others, encodeFilter(filter)])] });
    setEdited(undefined);
  };
  // The dialog offers the values that events of this kind have.
  const scoped = useMemo(() => {
    const own = choice.event === "" ? [] : [isFilter("$collection", choice.event)];
    return { ...page, ask: { ...page.ask, about: "events" as const, filters: [...page.ask.filters, ...own] } };
  }, [page, choice.event]);
  return (
    <div className="event-field">
      <EventSelect
        label={label}
        value={choice.event}
        onChange={(event) => onChange({ event, filters: choice.filters })}
        {...(any !== undefined && { any })}
      />
      {filters.map((filter) => {
        const words = filterWords(filter, page.names);
        return (
          <span key={encodeFilter(filter)} className="chip">
            <button
              type="button"
              className="chip-text"
              title={t("{words}: change", { words })}
              aria-haspopup="dialog"
              onClick={() => setEdited(filter)}
            >
              <b>{words}</b>
            </button>
            <button
              type="button"
              className="chip-remove"
              aria-label={t("Remove from {label}: {words}", { label, words })}
              onClick={() =>
                onChange({ ...choice, filters: choice.filters.filter((text) => text !== encodeFilter(filter)) })
              }
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      <button
        type="button"
        className="button quiet small"
        aria-haspopup="dialog"
        aria-label={t("{label} where", { label })}
        onClick={() => setEdited("new")}
      >
        <Icon name="filter" /> {t("where")}
      </button>
      {edited && (
        <PageProvider value={scoped}>
          <FilterDialog
            filter={edited === "new" ? undefined : edited}
            onApply={put}
            onClose={() => setEdited(undefined)}
          />
        </PageProvider>
      )}
    </div>
  );
}
