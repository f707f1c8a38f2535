import { lazy, Suspense } from "react";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { encodeFilter, isDeedFilter, type PageFilter } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import { filterWords, headWords, valuesText } from "./filter-words.ts";
import "./filter-chips.css";

/** Comes when it is opened: nobody needs it for the first numbers. */
const FilterDialog = lazy(async () => ({ default: (await import("./filter-dialog.tsx")).FilterDialog }));

const DeedDialog = lazy(() => import("./deed-dialog.tsx"));
const NEW_DEED: PageFilter = { field: "$visit.id", op: "did", values: [] };

/** What is being edited: a filter, or a new one. */
export type Edited = PageFilter | "new" | undefined;

interface Props {
  readonly edited: Edited;
  readonly onEdit: (edited: Edited) => void;
}

/** Opens the dialog for another filter. */
export function FilterButton({ onEdit }: Pick<Props, "onEdit">) {
  return (
    <button type="button" className="button filter-add" aria-haspopup="dialog" onClick={() => onEdit("new")}>
      <Icon name="filter" /> {t("Filter")}
    </button>
  );
}

/** The filters that are on: each can be changed and taken away. */
export function FilterChips({ edited, onEdit }: Props) {
  const { search, update, names } = usePage();
  const put = (filter: PageFilter) => {
    const others = search.filters.filter((f) => f !== edited && encodeFilter(f) !== encodeFilter(filter));
    update({ filters: [...others, filter] });
    onEdit(undefined);
  };
  return (
    <>
      {search.filters.length > 0 && (
        <ul className="chips" aria-label={t("Filters")}>
          {search.filters.map((filter) => {
            const words = filterWords(filter, names);
            return (
              <li key={encodeFilter(filter)} className="chip">
                <button
                  type="button"
                  className="chip-text"
                  title={t("{words}: change", { words })}
                  aria-haspopup="dialog"
                  onClick={() => onEdit(filter)}
                >
                  <span>{headWords(filter)}</span> <b dir="auto">{valuesText(filter, names)}</b>
                </button>
                <button
                  type="button"
                  className="chip-remove"
                  aria-label={t("Remove filter: {words}", { words })}
                  onClick={() => {
                    // The button goes away with its chip: the focus stays near.
                    document.querySelector<HTMLElement>(".filter-add")?.focus();
                    update({ filters: search.filters.filter((f) => f !== filter) });
                  }}
                >
                  <Icon name="close" />
                </button>
              </li>
            );
          })}
          {search.filters.length > 1 && (
            <li>
              <button type="button" className="button quiet small" onClick={() => update({ filters: [] })}>
                {t("Clear all")}
              </button>
            </li>
          )}
        </ul>
      )}
      {edited && (
        <Suspense>
          {edited !== "new" && isDeedFilter(edited) ? (
            <DeedDialog filter={edited} onApply={put} onClose={() => onEdit(undefined)} />
          ) : (
            <FilterDialog
              filter={edited === "new" ? undefined : edited}
              onApply={put}
              onDeed={() => onEdit(NEW_DEED)}
              onClose={() => onEdit(undefined)}
            />
          )}
        </Suspense>
      )}
    </>
  );
}
