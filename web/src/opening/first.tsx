import { createRoot } from "react-dom/client";
import { numberFormat } from "../format/number.ts";
import { wearTheme } from "../design/theme.ts";
import { locale } from "../language/words.ts";
import { CardRow, MetricCard } from "../panels/card.tsx";
import { cardsShown, isGoalCard, useKeptCards } from "../state/kept-cards.ts";
import { metricOf, metricsFor } from "../state/metrics.ts";
import { painted } from "../state/painted.ts";
import type { Head } from "./head.ts";
import "../shell/shell.css";
import "../shell/navigation.css";
import "../panels/header.css";
import "../pages/pages.css";

/**
 * Draws the cards where the page will have them, by the page's own parts, while the code of all else waits.
 * @returns when they have been seen: takes them away
 */
export async function drawFirst(container: HTMLElement, head: Head): Promise<() => void> {
  wearTheme(head.theme);
  const root = createRoot(container);
  root.render(<First {...head} />);
  await painted();
  return () => root.unmount();
}

/** The boxes of the page (shell.tsx, header.tsx, dashboard.tsx), of which the first number is in its place. */
function First({ project, totals, earlier, period, metric }: Head) {
  const kept = useKeptCards({ project, about: "web" });
  const cards = cardsShown(metricsFor({ about: "web" }, totals), kept);
  return (
    <div className="shell">
      <div className="navigation" />
      <div className="shell-page">
        <header className="top">
          <div className="top-row ranged" />
        </header>
        <main className="dashboard" aria-busy="true">
          <div className="surface">
            <CardRow>
              {cards.map((id) => {
                if (isGoalCard(id)) return null;
                const shown = metricOf(id);
                return (
                  <MetricCard
                    key={id}
                    metric={shown}
                    label={shown.label}
                    totals={totals}
                    earlier={earlier}
                    period={period}
                    numbers={numberFormat(locale)}
                    pressed={id === metric}
                  />
                );
              })}
            </CardRow>
          </div>
          <div className="to-come" />
        </main>
      </div>
    </div>
  );
}
