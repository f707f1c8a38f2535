import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../design/data-table.tsx";
import { Dialog } from "../design/dialog.tsx";
import { bucketFormat } from "../format/date.ts";
import { rich, t } from "../language/words.ts";
import { changesOf, spikesIn, type Changes, type SpikeThen } from "../questions/changes.ts";
import { explain, type Explained } from "../state/changes.ts";
import { dimensionOf } from "../state/dimensions.ts";
import { isFilter, toggleFilter } from "../state/filters.ts";
import { changeOf } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { addDays, dateOf, wallNow } from "../state/wall.ts";
import type { Period } from "../state/ranges.ts";
import { Asked } from "./asked.tsx";
import { Nothing } from "./states.tsx";
import "./changes-dialog.css";

/** What the change since the period before is made of, and which sources had a day of their own. Counted, not guessed. */
export default function ChangesDialog({ onClose }: { readonly onClose: () => void }) {
  const { ask, comparison } = usePage();
  return (
    <Dialog title={t("What changed")} onClose={onClose}>
      <section className="changes" aria-label={t("What explains the change")}>
        <h3>{t("What explains the change")}</h3>
        {comparison ? (
          <Explanation before={comparison.fair} onChoose={onClose} />
        ) : (
          <Nothing>{t("Nothing is compared: choose a comparison under the range.")}</Nothing>
        )}
      </section>
      {ask.about === "web" && (
        <section className="changes" aria-label={t("Spikes")}>
          <h3>{t("Spikes")}</h3>
          <Spikes onChoose={onClose} />
        </section>
      )}
    </Dialog>
  );
}

interface ExplanationProps {
  readonly before: Period;
  /** Called after something was chosen. */
  readonly onChoose: () => void;
}

function Explanation({ before, onChoose }: ExplanationProps) {
  const { ask, search, update, names, numbers } = usePage();
  const query = useQuery(changesOf(ask, before));
  const what = ask.about === "web" ? t("Visits") : t("Events");
  const columns: Column<Explained>[] = [
    {
      label: t("What #part"),
      cell: ({ by, value }) => {
        const { field = by, label = by } = dimensionOf(by) ?? {};
        return (
          <button
            type="button"
            className="button quiet small"
            title={t("Filter by {name}", { name: names(field, value) })}
            onClick={() => {
              onChoose();
              update({ filters: toggleFilter(search.filters, isFilter(field, value)) });
            }}
          >
            {label}: {names(field, value)}
          </button>
        );
      },
    },
    { label: t("Before"), number: true, cell: (part) => numbers.count(part.before) },
    { label: t("Now"), number: true, cell: ({ now }) => numbers.count(now) },
    { label: t("Of the change"), number: true, cell: ({ share }) => numbers.value(share, "percent") },
  ];
  return (
    <Asked query={query} rows={5}>
      {(changes) => {
        const rows = explain(changes.parts, changes.now - changes.before);
        return (
          <>
            <p>
              {rich("{what}: {now}, before {before}", {
                what,
                now: <b>{numbers.count(changes.now)}</b>,
                before: numbers.count(changes.before),
              })}
              {relative(changes, numbers.change)}
            </p>
            {rows.length === 0 ? (
              <Nothing>{t("No part of it stands out.")}</Nothing>
            ) : (
              <DataTable
                label={t("What explains the change, as a table")}
                columns={columns}
                rows={rows}
                keyOf={({ by, value }) => `${by} ${String(value)}`}
              />
            )}
          </>
        );
      }}
    </Asked>
  );
}

function relative({ now, before }: Changes, words: (change: number) => string): string {
  const change = changeOf(now, before);
  return change === null ? "" : ` (${words(change)})`;
}

function Spikes({ onChoose }: { readonly onChoose: () => void }) {
  const { ask, by, locale, names, numbers, search, update } = usePage();
  const zone = ask.access.timezone;
  const query = useQuery(spikesIn(ask, by));
  const format = bucketFormat(locale, zone, by, true);
  const choose = ({ value, start, end }: SpikeThen) => {
    const [from, to] = [wallNow(zone, start), wallNow(zone, end)];
    onChoose();
    update({
      ...(by === "hour" ? { from, to } : { from: dateOf(from), to: addDays(dateOf(to), -1) }),
      range: "custom",
      by: undefined,
      filters: toggleFilter(search.filters, isFilter("$visit.source", value)),
    });
  };
  return (
    <Asked query={query} rows={2}>
      {(spikes) =>
        spikes.length === 0 ? (
          <Nothing>{t("No source brought far more at one time than at the others.")}</Nothing>
        ) : (
          <ul className="changes-spikes">
            {spikes.slice(0, 10).map((spike) => (
              <li key={`${spike.at} ${String(spike.value)}`}>
                <button type="button" className="button quiet small" onClick={() => choose(spike)}>
                  {names("$visit.source", spike.value)}
                </button>{" "}
                {rich("{when}: {count} visits, otherwise {usual}", {
                  when: format.long(spike.start, spike.end),
                  count: <b>{numbers.count(spike.count)}</b>,
                  usual: numbers.value(spike.usual, "decimal"),
                })}
              </li>
            ))}
          </ul>
        )
      }
    </Asked>
  );
}
