import { useQuery } from "@tanstack/react-query";
import { definitionsOf } from "../asking/definitions.ts";
import { goalOf } from "../asking/goals.ts";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { totalsOf } from "../questions/totals.ts";
import { cardsShown, keepCards, MOST_CARDS, useKeptCards, type CardId } from "../state/kept-cards.ts";
import { metricLabel, metricOf, metricsFor } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import "./cards-dialog.css";

/** Which numbers stand in the head row, and in which order: one's own choice, of this project in this browser. */
export default function CardsDialog({ onClose }: { readonly onClose: () => void }) {
  const { access, ask } = usePage();
  const place = { project: access.id, about: ask.about };
  const totals = useQuery(totalsOf(ask));
  const goals = useQuery(definitionsOf(access, "goals"));
  const metrics = metricsFor(ask, totals.data);
  const kept = useKeptCards(place);
  const offered: readonly (readonly [id: CardId, label: string])[] = [
    ...metrics.map((id) => [id, metricLabel(metricOf(id), ask.number)] as const),
    ...(goals.data ?? [])
      .map(goalOf)
      .flatMap(({ name, title, amount }) => [
        [`conversion:${name}`, t("Conversion: {goal}", { goal: title })] as const,
        ...(amount === "" ? [] : [[`revenue:${name}`, t("Revenue: {goal}", { goal: title })] as const]),
      ]),
  ];
  const labels = new Map(offered);
  // A goal that is no more has no card.
  const shown = cardsShown(metrics, kept).filter((id) => labels.has(id));
  const others = offered.flatMap(([id]) => (shown.includes(id) ? [] : [id]));
  const keep = (cards: readonly CardId[]) => keepCards(place, cards);
  const move = (id: CardId, by: -1 | 1) => {
    const at = shown.indexOf(id);
    const rest = shown.filter((other) => other !== id);
    keep(rest.toSpliced(at + by, 0, id));
  };
  return (
    <Dialog title={t("Numbers of the head row")} onClose={onClose}>
      <ul className="cards-choice">
        {[...shown, ...others].map((id) => {
          const label = labels.get(id) ?? id;
          const at = shown.indexOf(id);
          const isShown = at >= 0;
          return (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={isShown}
                  disabled={isShown ? shown.length === 1 : shown.length >= MOST_CARDS}
                  onChange={() => keep(isShown ? shown.filter((other) => other !== id) : [...shown, id])}
                />
                {label}
              </label>
              {isShown && (
                <span className="joined">
                  <button
                    type="button"
                    className="button small icon"
                    aria-label={t("{label}: earlier", { label })}
                    aria-disabled={at === 0}
                    onClick={() => at > 0 && move(id, -1)}
                  >
                    <Icon name="up" />
                  </button>
                  <button
                    type="button"
                    className="button small icon"
                    aria-label={t("{label}: later", { label })}
                    aria-disabled={at === shown.length - 1}
                    onClick={() => at < shown.length - 1 && move(id, 1)}
                  >
                    <Icon name="down" />
                  </button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <p className="cards-foot">
        {t("Kept in this browser, for this project.")}{" "}
        <button type="button" className="button quiet small" onClick={() => keepCards(place, undefined)}>
          {t("As they were")}
        </button>
      </p>
    </Dialog>
  );
}
